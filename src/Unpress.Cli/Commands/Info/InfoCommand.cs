using System.CommandLine;
using System.Text.Json;
using Spectre.Console;
using Unpress.Networks;
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
        return command;
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
