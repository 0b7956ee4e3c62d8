using Spectre.Console;
using Unpress.Cli.Commands.Models;
using Unpress.Networks.Profiling;

namespace Unpress.Cli.Commands.Info;

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
