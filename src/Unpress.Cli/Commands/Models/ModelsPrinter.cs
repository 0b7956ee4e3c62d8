using System.Text.Json;
using Spectre.Console;
using Unpress.Networks.Profiling;

namespace Unpress.Cli.Commands.Models;

/// <summary>The catalogue of networks as a table and as JSON.</summary>
internal static class ModelsPrinter
{
    public static void Table(IAnsiConsole console, IReadOnlyList<ModelRow> rows)
    {
        var table = new Table().Border(TableBorder.Simple).AddColumn("network");
        foreach (string title in (string[])["parameters", "MACs", "in tables", "sees", "bands"])
            table.AddColumn(new TableColumn(title).RightAligned().NoWrap());
        table.AddColumns("takes", "weights", "paper");
        foreach (var row in rows)
        {
            var layers = row.Profile.Layers;
            table.AddRow(
                row.Entry.Name, Amounts.Of(layers.Parameters), Amounts.Of(layers.Work.True), Amounts.Of(layers.Work.Table),
                row.Sees, $"{row.Profile.Facts.Channels}", row.Knows,
                Markup.Escape(string.Join(", ", row.Weights.Select(path => Path.GetFileNameWithoutExtension(path)))), Markup.Escape(row.Entry.Paper));
        }

        console.Write(table);
        console.WriteLine(
            $"With default options. MACs: multiply-accumulates for {NetworkProfile.UsualSide}x{NetworkProfile.UsualSide} pixels; \"in tables\" as published tables "
            + "count them (docs/networks.md). Sees: pixels a side behind one pixel. Takes: besides the pixels; ? where known. One network: unpress info NAME");
    }

    public static void Json(TextWriter writer, IReadOnlyList<ModelRow> rows) => writer.WriteLine(JsonSerializer.Serialize(
        rows.Select(row => new
        {
            name = row.Entry.Name,
            summary = row.Entry.Summary,
            paper = row.Entry.Paper,
            licence = row.Entry.Licence,
            options = row.Entry.Resolve(null),
            channels = row.Profile.Facts.Channels,
            parameters = row.Profile.Layers.Parameters,
            macs = row.Profile.Layers.Work.True,
            tableMacs = row.Profile.Layers.Work.Table,
            width = row.Profile.Width,
            height = row.Profile.Height,
            receptiveField = row.Profile.ReceptiveField,
            global = row.Profile.Global,
            sizeMultiple = row.Profile.Facts.SizeMultiple,
            uses = row.Profile.Facts.Uses.ToString(),
            needs = row.Profile.Facts.Needs.ToString(),
            weights = row.Weights,
        }),
        JsonText.Options));
}
