using System.Globalization;
using System.Text.Json;
using Spectre.Console;
using Unpress.Downloads;
using Unpress.Models;
using Unpress.Networks;
using Unpress.Networks.Backbones;
using Unpress.Networks.Discriminators;
using Unpress.Networks.Profiling;

namespace Unpress.Cli.Commands.Models;

/// <summary>The catalogues as tables and as JSON.</summary>
internal static class ModelsPrinter
{
    // Columns of the terminal from which on the less needed columns of the tables fit without breaking words.
    private const int TableWithPapers = 100, WideTable = 150;

    public static void Networks(IAnsiConsole console, IReadOnlyList<NetworkRow> rows)
    {
        bool wide = console.Profile.Width >= WideTable, papers = console.Profile.Width >= TableWithPapers;
        var table = wide ? Titled("network", "parameters", "MACs", "in tables", "sees", "bands") : Titled("network", "parameters", "MACs", "sees");
        table.AddColumn("takes");
        if (wide)
            table.AddColumn("weights");
        if (papers)
            table.AddColumn("paper");
        foreach (var row in rows)
        {
            var layers = row.Profile.Layers;
            string[] always = [row.Entry.Name, Amounts.Of(layers.Parameters), Amounts.Of(layers.Work.True)];
            string[] cells = wide
                ? [.. always, Amounts.Of(layers.Work.Table), row.Sees, $"{row.Profile.Facts.Channels}", row.Takes, Names(row.Weights)]
                : [.. always, row.Sees, row.Takes];
            table.AddRow(papers ? [.. cells, Markup.Escape(row.Entry.Paper)] : cells);
        }

        console.Write(table);
        console.WriteLine(
            $"With default options. MACs: multiply-accumulates for {NetworkProfile.UsualSide}x{NetworkProfile.UsualSide} pixels"
            + (wide ? "; \"in tables\" as published tables count them (docs/networks.md)" : "")
            + ". Sees: pixels a side behind one pixel. Takes: besides the pixels; ? where known. One network: unpress info NAME"
            + (wide ? "" : ". A wider terminal shows papers and weights, too"));
    }

    /// <param name="side">Pixels a side that the operations are for.</param>
    public static void Parts(IAnsiConsole console, string title, int side, IReadOnlyList<PartRow> rows)
    {
        bool papers = console.Profile.Width >= TableWithPapers;
        var table = Titled(title, "parameters", $"MACs at {side}");
        if (papers)
            table.AddColumns("weights", "paper");
        foreach (var row in rows)
        {
            string[] cells = [row.Name, Amounts.Of(row.Layers.Parameters), Amounts.Of(row.Layers.Work.True)];
            table.AddRow(papers ? [.. cells, Names(row.Weights), Markup.Escape(row.Paper)] : cells);
        }
        console.Write(table);
    }

    public static void Json(
        TextWriter writer, IReadOnlyList<NetworkRow> networks, IReadOnlyList<PartRow> discriminators, IReadOnlyList<PartRow> backbones)
        => writer.WriteLine(JsonSerializer.Serialize(
            new { networks = networks.Select(Plain), discriminators = discriminators.Select(Plain), backbones = backbones.Select(Plain) },
            JsonText.Options));

    private static object Plain(NetworkRow row) => new
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
    };

    private static object Plain(PartRow row) => new
    {
        name = row.Name,
        paper = row.Paper,
        parameters = row.Layers.Parameters,
        macs = row.Layers.Work.True,
        tableMacs = row.Layers.Work.Table,
        weights = row.Weights,
    };

    private static Table Titled(string name, params string[] numbers)
    {
        var table = new Table().Border(TableBorder.Simple).AddColumn(new TableColumn(name).NoWrap());
        foreach (string title in numbers)
            table.AddColumn(new TableColumn(title).RightAligned().NoWrap());
        return table;
    }

    private static string Names(IEnumerable<string> paths) => Markup.Escape(string.Join(", ", paths.Select(path => Path.GetFileNameWithoutExtension(path))));
}

/// <summary>Large counts as papers print them.</summary>
internal static class Amounts
{
    /// <summary>1.64 M, 21.3 k, 512: three digits or two decimals.</summary>
    public static string Of(double count) => count switch
    {
        >= 1e12 => Scaled(count / 1e12, "T"),
        >= 1e9 => Scaled(count / 1e9, "G"),
        >= 1e6 => Scaled(count / 1e6, "M"),
        >= 1e4 => Scaled(count / 1e3, "k"),
        _ => count.ToString("0", CultureInfo.InvariantCulture),
    };

    private static string Scaled(double value, string unit) => $"{value.ToString(value < 100 ? "0.00" : "0.0", CultureInfo.InvariantCulture)} {unit}";
}

/// <summary>A discriminator or a backbone with what it costs and the published weights at hand.</summary>
internal sealed record PartRow(string Name, string Paper, LayerProfile Layers, IReadOnlyList<string> Weights)
{
    public static IReadOnlyList<PartRow> Discriminators()
        => [.. DiscriminatorCatalog.All.Select(entry => new PartRow(entry.Name, entry.Paper, PartProfile.Of(entry), []))];

    public static IReadOnlyList<PartRow> Backbones()
        => [.. BackboneCatalog.All.Select(entry => new PartRow(entry.Name, entry.Paper, PartProfile.Of(entry), AtHand(entry.Name)))];

    private static string[] AtHand(string name)
        => [.. OfficialFiles.All.Where(file => file.For == name).Select(OfficialFiles.PathOf).OfType<string>()];
}

/// <summary>A network with what it costs and the weights at hand.</summary>
internal sealed record NetworkRow(NetworkEntry Entry, NetworkProfile Profile, IReadOnlyList<string> Weights)
{
    /// <summary>All networks of the catalogue with their default options.</summary>
    public static IReadOnlyList<NetworkRow> All()
    {
        var files = ModelFinder.All().ToLookup(ModelFile.NetworkOf, StringComparer.OrdinalIgnoreCase);
        return [.. NetworkCatalog.All.Select(entry => new NetworkRow(entry, NetworkProfile.Of(entry), [.. files[entry.Name]]))];
    }

    /// <summary>Pixels a side that one pixel of the output depends on.</summary>
    public string Sees => Profile.Global ? "all" : $"{Profile.ReceptiveField}";

    /// <summary>What it takes besides the pixels.</summary>
    public string Takes
    {
        get
        {
            var (uses, needs) = (Profile.Facts.Uses, Profile.Facts.Needs);
            var words = Enum.GetValues<Knowledge>().Where(one => one != Knowledge.None && (uses | needs).HasFlag(one))
                .Select(one => Word(one) + (needs.HasFlag(one) ? "" : "?"));
            return string.Join(", ", words);
        }
    }

    private static string Word(Knowledge one) => one switch
    {
        Knowledge.Jpeg => "JPEG file",
        Knowledge.Quality => "quality",
        _ => "noise",
    };
}
