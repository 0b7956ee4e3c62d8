using System.Globalization;

namespace Unpress.Lab.Reports.Published;

/// <summary>The papers' own figures: <c>published.csv</c> and <c>sources.csv</c> beside this file.</summary>
internal static class PublishedFigures
{
    /// <summary>Other names of the sets.</summary>
    private static readonly Dictionary<string, string> SetNames = new()
    {
        ["bsd500test"] = "bsds500test",
        ["bsds200"] = "bsds500test",
        ["div2k"] = "div2kvalid",
        ["div2kval"] = "div2kvalid",
        ["flickr2k"] = "flickr2klast100",
    };

    public static IReadOnlyList<PublishedRow> All { get; } = Read();

    /// <summary>What compares with a set and codec of a run. BPG is HEVC's still pictures with the same QP, so its rows stand beside "hevc".</summary>
    public static IEnumerable<PublishedRow> For(string set, bool gray, string codec)
    {
        string wanted = Canonical(set), published = codec == "hevc" ? "bpg" : codec;
        return All.Where(row => Canonical(row.Set) == wanted && row.Gray == gray && row.Codec == published);
    }

    private static string Canonical(string set)
    {
        string plain = string.Concat(set.ToLowerInvariant().Where(char.IsLetterOrDigit));
        return SetNames.GetValueOrDefault(plain, plain);
    }

    private static List<PublishedRow> Read()
    {
        var sources = CsvLines.Of(PageFile.Text("sources.csv")).ToDictionary(cells => cells[0], cells => cells[1]);
        return [.. CsvLines.Of(PageFile.Text("published.csv")).Select(cells => new PublishedRow(
            sources[cells[0]],
            cells[1],
            cells[2] == "gray",
            cells[3],
            int.TryParse(cells[4], CultureInfo.InvariantCulture, out int setting) ? setting : null,
            cells[5],
            cells[6].Split(' ').Select(pair => pair.Split('=')).ToDictionary(pair => pair[0], pair => pair[1])))];
    }
}
