using System.Globalization;
using Unpress.Lab.Reports.Tables;
using Unpress.Lab.Results;

namespace Unpress.Lab.Reports;

/// <summary>What a report calls things.</summary>
internal static class ReportText
{
    /// <summary>Such as "QF 10".</summary>
    public static string Setting(LabRun run, string codec, int? setting)
    {
        if (setting is null)
            return codec;
        string name = run.Facts.Codecs.FirstOrDefault(one => one.Name == codec)?.QualityName.Split(" (")[0] ?? codec;
        return $"{name} {setting.Value.ToString(CultureInfo.InvariantCulture)}";
    }

    /// <summary>Such as "29 gray pictures", or "the middle 128×128 of 29 pictures".</summary>
    public static string Pictures(LabRun run, string set)
    {
        var facts = run.Facts.Sets.FirstOrDefault(one => one.Name == set);
        int count = facts?.Pictures.Count ?? 0;
        string middle = facts?.Crop is { } crop ? string.Create(CultureInfo.InvariantCulture, $"the middle {crop}×{crop} of ") : "";
        return $"{middle}{count.ToString(CultureInfo.InvariantCulture)}{(run.Gray ? " gray" : "")} {(count == 1 ? "picture" : "pictures")}";
    }

    /// <summary>What the pictures with numbers from 1 are of one enhancer: its cycles, or the answers of a network that has several.</summary>
    public static string Step(LabRun run) => run.Facts.Candidates is null ? "cycle" : "answer";

    /// <summary>Such as "higher is better; ", or nothing where neither is.</summary>
    public static string Better(MetricFacts metric) => metric.Better() switch { true => "higher is better; ", false => "lower is better; ", _ => "" };

    /// <summary>With a capital letter at its beginning.</summary>
    public static string Sentence(string text) => $"{char.ToUpperInvariant(text[0])}{text[1..]}";

    /// <summary>What metrics are, in words; once for all classes.</summary>
    public static IEnumerable<(string Name, string Contract)> Contracts(IEnumerable<MetricFacts> metrics) =>
        from metric in metrics
        let slash = metric.Name.IndexOf('/', StringComparison.Ordinal)
        group metric by slash < 0 ? metric.Name : $"{metric.Name[..slash]}/…" into kind
        let facts = kind.First()
        select (kind.Key, $"{facts.Summary}; {Better(facts)}{facts.Contract}");

    /// <summary>How many figures are missing or incomplete, such as "1 figure that could not be measured"; empty where all is well.</summary>
    public static string Faults(LabRun run)
    {
        var faulty = run.Figures.Where(figure => figure.Error is not null).ToList();
        int missing = faulty.Count(figure => figure.Value is null);
        return string.Join("; ", new[] { Figures(missing, "that could not be measured"),
            Figures(faulty.Count - missing, "without some of the pictures") }.OfType<string>());

        static string? Figures(int count, string which) =>
            count == 0 ? null : string.Create(CultureInfo.InvariantCulture, $"{count} {(count == 1 ? "figure" : "figures")} {which}");
    }

    /// <summary>A sentence on the rows with means of fewer pictures than others, with a space before it; empty where there is none.</summary>
    public static string OfFewer(IEnumerable<ReportRow> rows) =>
        string.Join(", ", rows.Where(row => row.Cells.Any(cell => cell is { OfFewer: true })).Select(row => row.Name)) is { Length: > 0 } names
            ? $" Some figures are of fewer pictures, since others failed or are not measured yet, and rank with nothing: {names}."
            : "";

    /// <summary>Lower-case letters, digits and dashes.</summary>
    public static string Id(params IEnumerable<string> parts) =>
        string.Concat(string.Join('-', parts).ToLowerInvariant().Select(letter => char.IsAsciiLetterOrDigit(letter) ? letter : '-'));

    /// <summary>Such as "2026-11-21 08:15 UTC".</summary>
    public static string Time(DateTimeOffset time) => time.ToUniversalTime().ToString("yyyy-MM-dd HH:mm 'UTC'", CultureInfo.InvariantCulture);
}
