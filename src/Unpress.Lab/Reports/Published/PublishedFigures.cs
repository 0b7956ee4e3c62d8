using System.Globalization;

namespace Unpress.Lab.Reports.Published;

/// <summary>The papers' own figures: <c>published.csv</c>, <c>ablation.csv</c>, <c>costs.csv</c> and <c>sources.csv</c> beside this file.</summary>
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

    /// <summary>Pictures of the sets. Other figures than those of all of them compare with nothing that is printed.</summary>
    private static readonly Dictionary<string, int> Sizes = new()
    {
        ["live1"] = 29,
        ["classic5"] = 5,
        ["bsds500"] = 500,
        ["bsds500test"] = 200,
        ["div2kvalid"] = 100,
        ["flickr2klast100"] = 100,
        ["liu4k"] = 80,
        ["cocoval"] = 5000,
        ["vocval"] = 1449,
    };

    private static readonly Dictionary<string, string> Sources = CsvText.Lines(PageFile.Text("sources.csv")).ToDictionary(cells => cells[0], cells => cells[1]);

    /// <summary>Of systems as they are used.</summary>
    public static IReadOnlyList<PublishedRow> All { get; } = Read("published.csv");

    /// <summary>Of systems with and without their parts.</summary>
    public static IReadOnlyList<PublishedRow> Ablation { get; } = Read("ablation.csv");

    /// <summary>What systems cost: parameters in millions, operations in billions, milliseconds.</summary>
    public static IReadOnlyList<PublishedCost> Costs { get; } =
        [.. CsvText.Lines(PageFile.Text("costs.csv")).Select(cells => new PublishedCost(
            Sources[cells[0]], int.Parse(cells[1], CultureInfo.InvariantCulture), cells[2], Pairs(cells[3])))];

    /// <summary>What compares with a set and codec of a run. BPG is HEVC's still pictures with the same QP, so its rows stand beside "hevc".</summary>
    public static IEnumerable<PublishedRow> For(string set, bool gray, string codec, bool ablation = false)
    {
        string wanted = Canonical(set), published = codec == "hevc" ? "bpg" : codec;
        return (ablation ? Ablation : All).Where(row => Canonical(row.Set) == wanted && row.Gray == gray && row.Codec == published);
    }

    /// <summary>Whether a set of this name and so many pictures is the one that papers use.</summary>
    public static bool IsWhole(string set, int pictures) => !Sizes.TryGetValue(Canonical(set), out int size) || size == pictures;

    private static string Canonical(string set)
    {
        string plain = string.Concat(set.ToLowerInvariant().Where(char.IsLetterOrDigit));
        return SetNames.GetValueOrDefault(plain, plain);
    }

    private static List<PublishedRow> Read(string file) =>
        [.. CsvText.Lines(PageFile.Text(file)).Select(cells => new PublishedRow(
            Sources[cells[0]],
            cells[1],
            cells[2] == "gray",
            cells[3],
            int.TryParse(cells[4], CultureInfo.InvariantCulture, out int setting) ? setting : null,
            cells[5],
            Pairs(cells[6])))];

    private static Dictionary<string, string> Pairs(string text) =>
        text.Split(' ').Select(pair => pair.Split('=')).ToDictionary(pair => pair[0], pair => pair[1]);
}

/// <summary>What a paper prints about the cost of a system.</summary>
/// <param name="Source">Where from, in words.</param>
/// <param name="Side">Pixels a side of the picture.</param>
/// <param name="Figures">As printed: "parameters" in millions, "table-macs" in billions, "ms".</param>
internal sealed record PublishedCost(string Source, int Side, string System, IReadOnlyDictionary<string, string> Figures);

/// <summary>What a paper prints about one system at one setting of one codec on one set.</summary>
/// <param name="Source">Where from, in words.</param>
/// <param name="Setting">In the codec's scale; null for a mean over the paper's settings.</param>
/// <param name="Figures">As printed, by the name of the metric, with the prefix "di:" for a degradation index.</param>
internal sealed record PublishedRow(
    string Source, string Set, bool Gray, string Codec, int? Setting, string System, IReadOnlyDictionary<string, string> Figures);
