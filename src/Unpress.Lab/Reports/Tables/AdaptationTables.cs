using Unpress.Lab.Results;

namespace Unpress.Lab.Reports.Tables;

/// <summary>
/// What adaptation changes, of pairs of enhancers called X and "X adapted": the first pass, and the degradation index, both in percent of
/// X's. Tables II to V of "Breaking the Multi-Enhancement Bottleneck" print them beside each other.
/// </summary>
internal static class AdaptationTables
{
    /// <summary>What the name of an adapted network ends in.</summary>
    private const string Adapted = " adapted";

    private const string FirstPass = "first pass", Index = "DI";

    public static IEnumerable<ReportTable> Of(LabRun run)
    {
        var means = run.Table;
        string[] pairs = [.. means.Enhancers.Where(name => means.Enhancers.Contains(name + Adapted))];
        return means.LastCycle < 2 || pairs.Length == 0 ? [] :
            from set in means.Sets
            from codec in means.Codecs(set)
            select Of(run, pairs, set, codec);
    }

    private static ReportTable Of(LabRun run, string[] pairs, string set, string codec)
    {
        var means = run.Table;
        var columns = (from setting in means.Settings(set, codec)
                       from metric in means.Qualities
                       from what in new[] { FirstPass, Index }
                       select (setting, metric, what)).ToList();
        List<ReportRow> rows = [.. pairs.Select(name => new ReportRow(
            name, RowKind.Measured, null, [.. columns.Select(column => Cell(name, column.setting, column.metric, column.what))]))];
        rows.Add(new ReportRow("mean of the amounts", RowKind.Compressed, null, [.. Enumerable.Range(0, columns.Count).Select(column => Mean(rows, column))]));
        return new ReportTable
        {
            Id = ReportText.Id("adaptation", set, codec),
            Title = $"What adaptation changes on {set}, {codec}",
            Caption = "Differences of the adapted network to the network itself, in percent of that: the quality after one enhancement, and the degradation index. The last row is the mean without signs; "
                + "in the paper, over ten networks, that of the first pass is 0.06 to 0.46 % in PSNR, 0.197 % on average.",
            Names = "System",
            Columns = [.. columns.Select(column => new ReportColumn(
                $"{ReportText.Setting(run, codec, column.setting)}, {column.metric.Name}", $"{column.what}, %", null, Decimals(column.what)))],
            Rows = rows,
        };

        ReportCell? Cell(string name, int? setting, MetricFacts metric, string what)
        {
            var (before, after) = (Value(name), Value(name + Adapted));
            return before is { } from && after is { } to && from != 0 ? ReportCell.Signed((to - from) / Math.Abs(from) * 100, Decimals(what)) : null;

            double? Value(string enhancer) => what == Index
                ? means.Index(set, codec, setting, enhancer, metric)
                : means.Mean(set, codec, setting, enhancer, 1, metric.Name);
        }
    }

    private static ReportCell? Mean(List<ReportRow> rows, int column)
    {
        double[] amounts = [.. rows.Select(row => row.Cells[column]).OfType<ReportCell>().Select(cell => Math.Abs(cell.Value))];
        return amounts.Length == 0 ? null : ReportCell.Of(amounts.Average(), 3);
    }

    private static int Decimals(string what) => what == Index ? 0 : 3;
}
