using System.CommandLine;
using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;
using Spectre.Console;
using Unpress.Cli.Commands.Models;
using Unpress.Networks;
using Unpress.Networks.Backbones;
using Unpress.Networks.Discriminators;
using Unpress.Networks.Profiling;
using Unpress.Torch.Weights;

namespace Unpress.Cli.Commands.Info;

/// <summary><c>unpress info NAME|FILE</c>: a network's layers, or what a weight file holds.</summary>
public static class InfoCommand
{
    public static Command Create()
    {
        var subject = new Argument<string>("NAME|FILE") { Description = "A network (see unpress models), or a weight file." };
        var set = new Option<string[]>("--set") { Description = "An option of the network: --set channels=1; may be repeated." };
        var json = new Option<bool>("--json") { Description = "Print JSON instead of tables." };
        var command = new Command("info", "Show a network's layers with shapes, parameters and operations, or the contents of a weight file.")
        {
            subject, set, json,
        };
        command.SetAction(parsed =>
        {
            string name = parsed.GetValue(subject)!;
            var options = OptionText.Parse(parsed.GetValue(set));
            if (IsFile(name) && options is not null)
                throw new ArgumentException("--set is for networks; a weight file has its options");
            if (IsFile(name))
                File(parsed, name, parsed.GetValue(json));
            else
                Network(parsed, NetworkInfo.Of(name, options), parsed.GetValue(json));
            return ExitCodes.Ok;
        });
        return command.WithExamples(
            "unpress info unpress # layers of a network",
            "unpress info model.safetensors # tensors of a file");
    }

    // A bare word is a network, even where a file happens to be called so, as the launcher ./unpress is.
    private static bool IsFile(string name) => name.AsSpan().ContainsAny('/', Path.DirectorySeparatorChar, '.');

    private static void Network(ParseResult parsed, NetworkInfo info, bool json)
    {
        if (json)
        {
            var facts = info.Facts.ToDictionary(fact => fact.Name, fact => fact.Value);
            parsed.InvocationConfiguration.Output.WriteLine(JsonSerializer.Serialize(new { facts, layers = LayerTable.Plain(info.Layers) }, JsonText.Options));
            return;
        }

        var console = ResultConsole.For(parsed);
        var grid = new Grid().AddColumn(new GridColumn().PadRight(2).NoWrap()).AddColumn();
        foreach (var (name, value) in info.Facts)
            grid.AddRow(new Text(name, new Style(Color.Grey)), new Text(value));
        console.Write(grid);
        LayerTable.Print(console, info.Layers);
    }

    private static void File(ParseResult parsed, string path, bool json)
    {
        using var file = ModelWeights.Open(path);
        if (json)
            WeightFilePrinter.Json(parsed.InvocationConfiguration.Output, file);
        else
            WeightFilePrinter.Print(ResultConsole.For(parsed), file);
    }
}

/// <summary>What a weight file says of itself, and its tensors.</summary>
internal static class WeightFilePrinter
{
    public static void Print(IAnsiConsole console, WeightFile file)
    {
        var facts = new Grid().AddColumn(new GridColumn().PadRight(2).NoWrap()).AddColumn();
        foreach (var (key, value) in file.Metadata.OrderBy(entry => entry.Key, StringComparer.Ordinal))
            facts.AddRow(new Text(Printable.Of(key), new Style(Color.Grey)), new Text(Printable.Of(value)));
        console.Write(facts);
        var table = new Table().Border(TableBorder.Simple).AddColumns("tensor", "type").AddColumn(new TableColumn("shape").RightAligned());
        foreach (var tensor in file.Tensors)
            table.AddRow(new Text(Printable.Of(tensor.Name)), new Text($"{tensor.DType}"), new Text(string.Join("x", tensor.Shape)));
        console.Write(table);
        console.WriteLine($"{file.Tensors.Count} tensors, {Amounts.Of(file.Tensors.Sum(tensor => tensor.ElementCount))} numbers");
    }

    public static void Json(TextWriter writer, WeightFile file) => writer.WriteLine(JsonSerializer.Serialize(
        new
        {
            path = file.Path,
            metadata = file.Metadata,
            tensors = file.Tensors.Select(tensor => new { name = tensor.Name, type = tensor.DType.ToString(), shape = tensor.Shape }),
        },
        JsonText.Options));
}

/// <summary>A tree of layers, for people and for programs.</summary>
internal static class LayerTable
{
    public static void Print(IAnsiConsole console, LayerProfile root)
    {
        var table = new Table().Border(TableBorder.Simple).AddColumns("layer", "kind");
        foreach (string title in (string[])["output", "parameters", "MACs"])
            table.AddColumn(new TableColumn(title).RightAligned().NoWrap());
        foreach (var layer in root.Children)
            Add(layer, 0);
        console.Write(table);

        void Add(LayerProfile layer, int depth)
        {
            string output = layer.Output is { } shape ? string.Join("x", shape) : "";
            table.AddRow(
                new string(' ', 2 * depth) + Markup.Escape(layer.Name), layer.Type, output,
                layer.Parameters == 0 ? "" : Amounts.Of(layer.Parameters), layer.Work.True == 0 ? "" : Amounts.Of(layer.Work.True));
            foreach (var child in layer.Children)
                Add(child, depth + 1);
        }
    }

    public static object Plain(LayerProfile layer) => new
    {
        name = layer.Name,
        kind = layer.Type,
        output = layer.Output,
        parameters = layer.Parameters,
        macs = layer.Work.True,
        tableMacs = layer.Work.Table,
        children = layer.Children.Select(Plain),
    };
}

/// <summary>What is said of a network, a discriminator or a backbone: its facts, in order, and its layers.</summary>
internal sealed record NetworkInfo(IReadOnlyList<(string Name, string Value)> Facts, LayerProfile Layers)
{
    /// <exception cref="ArgumentException">No catalogue has it, or an option is wrong.</exception>
    public static NetworkInfo Of(string name, JsonObject? options)
    {
        if (DiscriminatorCatalog.All.FirstOrDefault(entry => Is(entry.Name)) is { } discriminator)
        {
            var layers = PartProfile.Of(discriminator, options);
            return new NetworkInfo(
                [
                    ("discriminator", $"{discriminator.Name}: {discriminator.Summary}"),
                    ("paper", discriminator.Paper),
                    ("options", discriminator.Resolve(options).ToJsonString()),
                    .. Cost(layers, PartProfile.DiscriminatorSide),
                ],
                layers);
        }

        if (BackboneCatalog.All.FirstOrDefault(entry => Is(entry.Name)) is { } backbone)
        {
            var layers = PartProfile.Of(backbone, options);
            return new NetworkInfo([("backbone", backbone.Name), ("paper", backbone.Paper), .. Cost(layers, PartProfile.BackboneSide)], layers);
        }

        return Of(NetworkCatalog.Find(name), options);

        bool Is(string entry) => entry.Equals(name, StringComparison.OrdinalIgnoreCase);
    }

    private static NetworkInfo Of(NetworkEntry entry, JsonObject? options)
    {
        var profile = NetworkProfile.Of(entry, options);
        string sees =
            $"{profile.ReceptiveField} pixels a side{(profile.Global ? ", and the whole picture" : "")}; sizes in steps of {profile.Facts.SizeMultiple}";
        return new NetworkInfo(
            [
                ("network", $"{entry.Name}: {entry.Summary}"),
                ("paper", entry.Paper),
                .. entry.Licence is null ? Array.Empty<(string, string)>() : [("licence", entry.Licence)],
                ("options", entry.Resolve(options).ToJsonString()),
                .. Cost(profile.Layers, NetworkProfile.UsualSide),
                ("sees", sees),
            ],
            profile.Layers);
    }

    private static (string Name, string Value)[] Cost(LayerProfile layers, int side) =>
    [
        ("parameters", layers.Parameters.ToString("N0", CultureInfo.InvariantCulture)),
        ("MACs", $"{Amounts.Of(layers.Work.True)} for {side}x{side}; {Amounts.Of(layers.Work.Table)} as published tables count"),
    ];
}
