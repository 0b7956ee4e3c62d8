using System.Globalization;
using Unpress.Evaluation;
using Unpress.Lab.Reports.Published;
using Unpress.Lab.Results;

namespace Unpress.Lab.Reports.Tables;

/// <summary>The papers' main table: a block of columns a setting, a row a system, enhanced once; one table for each set and codec.</summary>
internal static class QualityTables
{
    public static IEnumerable<ReportTable> Of(LabRun run) =>
        from set in run.Table.Sets
        from codec in run.Table.Codecs(set)
        select Of(run, set, codec);

    private static string Caption(LabRun run, string set)
    {
        string means = $"{ReportText.Sentence(ReportText.Pictures(run, set))}, compressed, then enhanced once; means over the pictures";
        return run.Facts.Candidates is not { } candidates ? $"{means}."
            : string.Create(CultureInfo.InvariantCulture,
                $"{means} and over {candidates.Count} answers to each. z is what the noise is multiplied with: 1 as in training.");
    }

    private static ReportTable Of(LabRun run, string set, string codec)
    {
        var means = run.Table;
        var settings = means.Settings(set, codec);
        var published = run.Published(set, codec);
        var shown = means.Metrics.Where(metric => means.Has(set, codec, metric.Name)).ToList();
        var columns = (from setting in settings from metric in shown select (setting, metric)).ToList();
        List<string> sources = [];
        List<ReportRow> measured =
        [
            .. new[] { Measured(Figure.Raw, 0) }.Where(row => row.Cells.Any(cell => cell is not null)),
            Measured(Figure.Compressed, 0),
            .. means.Enhancers.Select(enhancer => Measured(enhancer, 1)).Where(row => row.Cells.Any(cell => cell is not null)),
        ];
        return new ReportTable
        {
            Id = ReportText.Id("quality", set, codec),
            Title = $"Quality on {set}, {codec}",
            Caption = Caption(run, set) + ReportText.OfFewer(measured)
                + (published.Count > 0 ? " Published rows are in italics, with their digits." : ""),
            Names = "System",
            Columns = [.. columns.Select(column => new ReportColumn(
                ReportText.Setting(run, codec, column.setting), column.metric.Name, column.metric.Better(), column.metric.Decimals))],
            Rows =
            [
                .. measured,
                .. PublishedRows.Of(published, columns.Select(column => (column.setting, column.metric.Name)), sources),
            ],
            Sources = sources,
        };

        ReportRow Measured(string enhancer, int cycle) => new(
            enhancer,
            cycle == 0 ? RowKind.Compressed : RowKind.Measured,
            null,
            [.. columns.Select(column => Cell(column.setting, column.metric, enhancer, cycle))]);

        ReportCell? Cell(int? setting, MetricFacts metric, string enhancer, int cycle)
        {
            if (means.Mean(set, codec, setting, enhancer, cycle, metric.Name) is not { } mean)
                return null;
            var notes = new List<string>();
            if (cycle > 0 && means.Change(set, codec, setting, (Figure.Compressed, 0), (enhancer, cycle), metric.Name) is { } change)
                notes.Add($"{FixedText.Signed(change, metric.Decimals)} to compressed");
            if (means.Failed(set, codec, setting, enhancer, cycle, metric.Name) is > 0 and int failed)
                notes.Add($"{failed} of {failed + means.Count(set, codec, setting, enhancer, cycle, metric.Name)} pictures failed");
            return ReportCell.Of(mean, metric.Decimals, notes.Count > 0 ? string.Join("; ", notes) : null) with
            {
                OfFewer = enhancer != Figure.Raw && means.OfFewer(set, codec, setting, enhancer, cycle, metric.Name),
            };
        }
    }
}

/// <summary>Published figures as rows of a table.</summary>
internal static class PublishedRows
{
    /// <param name="columns">Setting and name of a figure, for each column.</param>
    /// <param name="sources">Sources of the rows are added to it.</param>
    public static IEnumerable<ReportRow> Of(
        IReadOnlyList<PublishedRow> published, IEnumerable<(int? Setting, string Figure)> columns, List<string> sources)
    {
        var wanted = columns.ToList();
        foreach (var system in published.GroupBy(row => (row.System, row.Source)))
        {
            ReportCell?[] cells = [.. wanted.Select(column => Cell(system, column.Setting, column.Figure))];
            if (Array.TrueForAll(cells, cell => cell is null))
                continue;
            if (!sources.Contains(system.Key.Source))
                sources.Add(system.Key.Source);
            yield return new ReportRow(
                system.Key.System,
                system.Key.System is "JPEG" or "compressed" ? RowKind.Compressed : RowKind.Published,
                sources.IndexOf(system.Key.Source) + 1,
                cells);
        }
    }

    private static ReportCell? Cell(IEnumerable<PublishedRow> rows, int? setting, string figure) =>
        rows.FirstOrDefault(row => row.Setting == setting && row.Figures.ContainsKey(figure)) is { } row
            ? new ReportCell(double.Parse(row.Figures[figure], CultureInfo.InvariantCulture), row.Figures[figure])
            : null;
}
