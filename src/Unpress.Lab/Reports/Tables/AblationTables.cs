using Unpress.Lab.Recipes;
using Unpress.Lab.Results;

namespace Unpress.Lab.Reports.Tables;

/// <summary>What each part of a method is worth: a row a model, ticks for the parts it has, its figures, and how far they are from the baseline's.</summary>
internal static class AblationTables
{
    /// <summary>Heading of the columns of ticks.</summary>
    public const string Parts = "parts";

    public static IEnumerable<ReportTable> Of(LabRun run) =>
        run.Facts.Ablation is not { } ablation ? [] :
        from set in run.Table.Sets
        from codec in run.Table.Codecs(set)
        select Of(run, ablation, set, codec);

    private static ReportTable Of(LabRun run, AblationSection ablation, string set, string codec)
    {
        var means = run.Table;
        var published = run.Published(set, codec, ablation: true);
        var columns = (from setting in means.Settings(set, codec)
                       from difference in new[] { false, true }
                       from metric in means.Metrics
                       select (setting, metric, difference)).ToList();
        List<string> sources = [];
        List<ReportRow> measured = [.. means.Enhancers.Select(Measured)];
        return new ReportTable
        {
            Id = ReportText.Id("ablation", set, codec),
            Title = $"Ablation on {set}, {codec}",
            Caption = $"{ReportText.Sentence(ReportText.Pictures(run, set))}, enhanced once by models with (✓) and without parts of the method. Δ is the difference to {ablation.Baseline}."
                + ReportText.OfFewer(measured)
                + (published.Count > 0 ? " Published rows are in italics, their differences to their own baseline." : ""),
            Names = "Model",
            Columns =
            [
                .. ablation.Switches.Select(part => new ReportColumn(Parts, part.Name, null, 0)),
                .. columns.Select(column => new ReportColumn(
                    ReportText.Setting(run, codec, column.setting), $"{(column.difference ? "Δ " : "")}{column.metric.Name}",
                        column.difference ? null : column.metric.Better(), column.metric.Decimals)),
            ],
            Rows =
            [
                .. measured,
                .. PublishedAblation.Of(
                    [.. PublishedRows.Of(published, columns.Select(column => (column.setting, column.metric.Name)), sources)],
                    ablation.Switches,
                    [.. columns.Select(column => column.difference)]),
            ],
            Sources = sources,
        };

        ReportRow Measured(string model) => new(model, RowKind.Measured, null,
        [
            .. ablation.Switches.Select(part => part.On.Contains(model) ? new ReportCell(1, "✓") : null),
            .. columns.Select(column => Cell(model, column.setting, column.metric, column.difference)),
        ]);

        ReportCell? Cell(string model, int? setting, MetricFacts metric, bool difference)
        {
            if (means.Mean(set, codec, setting, model, 1, metric.Name) is not { } mean)
                return null;
            if (!difference)
                return ReportCell.Of(mean, metric.Decimals) with { OfFewer = means.OfFewer(set, codec, setting, model, 1, metric.Name) };
            return model != ablation.Baseline && means.Change(set, codec, setting, (ablation.Baseline, 1), (model, 1), metric.Name) is { } change
                ? ReportCell.Signed(change, metric.Decimals)
                : null;
        }
    }
}

/// <summary>
/// Ticks and differences of a paper's ablation, read from what its systems are called: a "baseline" or "… vanilla" begins a block, "… with PART" has
/// that part, "… with both" and a name of its own have all.
/// </summary>
internal static class PublishedAblation
{
    private const string With = " with ", Both = "both";

    /// <param name="rows">Published rows with the figure itself where <paramref name="differences"/> wants its distance to the baseline.</param>
    /// <param name="differences">Of each column of the rows.</param>
    /// <returns>The rows with ticks before their cells, none where the paper's parts are not those of the recipe.</returns>
    public static IEnumerable<ReportRow> Of(IReadOnlyList<ReportRow> rows, IReadOnlyList<AblationSwitch> parts, IReadOnlyList<bool> differences)
    {
        bool same = parts.All(part => rows.Any(row => PartOf(row.Name) == part.Name));
        ReportRow? baseline = null;
        foreach (var row in rows)
        {
            bool isBaseline = row.Name == "baseline" || row.Name.EndsWith(" vanilla", StringComparison.Ordinal);
            if (isBaseline)
                baseline = row;
            yield return row with
            {
                Cells =
                [
                    .. parts.Select(part =>
                    same && !isBaseline && (PartOf(row.Name) is not { } own || own == Both || own == part.Name) ? new ReportCell(1, "✓") : null),
                    .. row.Cells.Select((cell, i) => !differences[i] ? cell : isBaseline ? null : Difference(cell, baseline?.Cells[i])),
                ],
            };
        }
    }

    /// <summary>With the paper's digits.</summary>
    private static ReportCell? Difference(ReportCell? cell, ReportCell? from) =>
        cell is null || from is null ? null : ReportCell.Signed(cell.Value - from.Value, Math.Max(Decimals(cell), Decimals(from)));

    private static int Decimals(ReportCell cell) => cell.Text.IndexOf('.') is >= 0 and var point ? cell.Text.Length - point - 1 : 0;

    private static string? PartOf(string system) => system.IndexOf(With, StringComparison.Ordinal) is >= 0 and var at ? system[(at + With.Length)..] : null;
}
