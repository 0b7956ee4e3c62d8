using Unpress.Lab.Results;

namespace Unpress.Lab.Reports.Tables;

/// <summary>
/// Metrics that come in dozens, such as one of each class: a row a figure, a column a system, in a block for each setting. One table for each
/// set, codec and kind.
/// </summary>
internal static class AsideTables
{
    public static IEnumerable<ReportTable> Of(LabRun run) =>
        from kind in run.Table.AllMetrics.Where(metric => metric.Table is not null).GroupBy(metric => metric.Table!)
        from set in run.Table.Sets
        from codec in run.Table.Codecs(set)
        let table = Of(run, kind.Key, [.. kind.Where(metric => run.Table.Has(set, codec, metric.Name))], set, codec)
        where table.Rows.Count > 0
        select table;

    private static ReportTable Of(LabRun run, string title, MetricFacts[] metrics, string set, string codec)
    {
        var means = run.Table;
        var settings = means.Settings(set, codec);
        // The originals are the same at every setting.
        List<(string Group, int? Setting, string Enhancer, int Cycle)> columns =
        [
            ("", settings[0], Figure.Raw, 0),
            .. from setting in settings
               from enhancer in means.Enhancers.Prepend(Figure.Compressed)
               select (ReportText.Setting(run, codec, setting), setting, enhancer, enhancer == Figure.Compressed ? 0 : 1),
        ];
        columns.RemoveAll(column => !metrics.Any(metric => At(metric, column.Setting, column.Enhancer, column.Cycle) is not null));
        bool alike = metrics.DistinctBy(metric => metric.Summary).Count() == 1;
        return new ReportTable
        {
            Id = ReportText.Id("aside", title, set, codec),
            Title = $"{title} on {set}, {codec}",
            Caption = $"{ReportText.Sentence(ReportText.Pictures(run, set))}, compressed, then enhanced once.{(alike ? $" {metrics[0].Summary}; {metrics[0].Contract}." : " What the figures are is said at the end.")}",
            Names = alike ? "Class" : "Figure",
            Columns = [.. columns.Select(column => new ReportColumn(column.Group, column.Enhancer, null, metrics[0].Decimals))],
            Rows =
            [
                .. metrics.Select(metric => new ReportRow(
                    metric.Row ?? metric.Name, RowKind.Measured, null,
                    [.. columns.Select(column => Cell(metric, column.Setting, column.Enhancer, column.Cycle))])),
            ],
        };

        double? At(MetricFacts metric, int? setting, string enhancer, int cycle) => means.Mean(set, codec, setting, enhancer, cycle, metric.Name);

        ReportCell? Cell(MetricFacts metric, int? setting, string enhancer, int cycle)
        {
            if (At(metric, setting, enhancer, cycle) is not { } value)
                return null;
            double? change = cycle > 0 ? value - At(metric, setting, Figure.Compressed, 0) : null;
            return ReportCell.Of(value, metric.Decimals, change is { } known ? $"{ReportCell.Signed(known, metric.Decimals).Text} to compressed" : null);
        }
    }
}
