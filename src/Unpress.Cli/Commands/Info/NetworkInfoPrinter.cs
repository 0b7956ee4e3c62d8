using System.Text.Json;
using System.Text.Json.Nodes;
using Spectre.Console;
using Unpress.Cli.Commands.Models;
using Unpress.Networks;
using Unpress.Networks.Profiling;

namespace Unpress.Cli.Commands.Info;

/// <summary>A network's facts and its tree of layers.</summary>
internal static class NetworkInfoPrinter
{
    public static void Print(IAnsiConsole console, NetworkEntry entry, JsonObject options, NetworkProfile profile)
    {
        var facts = new Grid().AddColumn(new GridColumn().PadRight(2).NoWrap()).AddColumn();
        Fact("network", $"{entry.Name}: {entry.Summary}");
        Fact("paper", entry.Paper);
        if (entry.Licence is { } licence)
            Fact("licence", licence);
        Fact("options", options.ToJsonString());
        Fact("parameters", $"{profile.Layers.Parameters:N0}");
        Fact("MACs", $"{Amounts.Of(profile.Layers.Work.True)} for {profile.Width}x{profile.Height}; {Amounts.Of(profile.Layers.Work.Table)} as published tables count");
        Fact("sees", $"{profile.ReceptiveField} pixels a side{(profile.Global ? ", and the whole picture" : "")}; sizes in steps of {profile.Facts.SizeMultiple}");
        console.Write(facts);

        var table = new Table().Border(TableBorder.Simple).AddColumns("layer", "kind");
        foreach (string title in (string[])["output", "parameters", "MACs"])
            table.AddColumn(new TableColumn(title).RightAligned().NoWrap());
        foreach (var layer in profile.Layers.Children)
            Add(layer, 0);
        console.Write(table);

        void Fact(string name, string value) => facts.AddRow(new Text(name, new Style(Color.Grey)), new Text(value));

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

    public static void Json(TextWriter writer, NetworkEntry entry, JsonObject options, NetworkProfile profile)
    {
        writer.WriteLine(JsonSerializer.Serialize(
            new
            {
                name = entry.Name,
                paper = entry.Paper,
                licence = entry.Licence,
                options,
                width = profile.Width,
                height = profile.Height,
                receptiveField = profile.ReceptiveField,
                global = profile.Global,
                layers = Node(profile.Layers),
            },
            JsonText.Options));

        static object Node(LayerProfile layer) => new
        {
            name = layer.Name,
            kind = layer.Type,
            output = layer.Output,
            parameters = layer.Parameters,
            macs = layer.Work.True,
            tableMacs = layer.Work.Table,
            children = layer.Children.Select(Node),
        };
    }
}
