using Unpress.Lab.Reports.Published;
using Unpress.Lab.Results;

namespace Unpress.Lab.Reports.Tables;

/// <summary>Degradation indices of a run that enhanced again and again: a row a system, a block of columns a setting, their mean last.</summary>
internal static class DegradationTables
{
    private const int Decimals = 2;

    // How ChainPlan calls the orders that it draws.
    private const string Draw = "draw ";

    public static IEnumerable<ReportTable> Of(LabRun run) =>
        run.Table.LastCycle < 2 ? [] :
        from set in run.Table.Sets
        from codec in run.Table.Codecs(set)
        select Of(run, set, codec);

    private static bool IsDraw(string name) => name.StartsWith(Draw, StringComparison.Ordinal) && int.TryParse(name[Draw.Length..], out _);

    private static ReportTable Of(LabRun run, string set, string codec)
    {
        var means = run.Table;
        var settings = means.Settings(set, codec);
        var columns = (
            from setting in settings
            from metric in means.Qualities
            select (block: ReportText.Setting(run, codec, setting), settings: new[] { setting }, metric)).ToList();
        if (settings.Count > 1)
            columns.AddRange(means.Qualities.Select(metric => ("mean", settings.ToArray(), metric)));
        var published = run.Published(set, codec);
        List<string> sources = [];
        string[] draws = [.. means.Enhancers.Where(IsDraw)];
        return new ReportTable
        {
            Id = ReportText.Id("di", set, codec),
            Title = $"Degradation index on {set}, {codec}",
            Caption = $"What each enhancement after the first costs, in percent of the first one's quality, {means.LastCycle} enhancements; 0 is a network "
                + "that can be used again and again, below 0 quality still rises."
                + (means.LastCycle != 5 ? " The papers' figures are of five enhancements." : ""),
            Names = "System",
            Columns = [.. columns.Select(column => new ReportColumn(column.block, column.metric.Name, false, Decimals))],
            Rows =
            [
                .. means.Enhancers.Select(Measured).Where(row => row.Cells.Any(cell => cell is not null)),
                .. draws.Length > 1 ? [MeanOf([.. draws.Select(Measured)])] : Array.Empty<ReportRow>(),
                .. PublishedRows.Of(
                    published,
                    columns.Select(column => (column.settings.Length == 1 ? column.settings[0] : null, $"di:{column.metric.Name}")),
                    sources),
            ],
            Sources = sources,
        };

        ReportRow Measured(string enhancer) => new(
            enhancer, RowKind.Measured, null, [.. columns.Select(column => Cell(enhancer, column.settings, column.metric))]);

        ReportRow MeanOf(ReportRow[] rows) => new(
            $"mean of {rows.Length} draws",
            RowKind.Measured,
            null,
            [.. Enumerable.Range(0, columns.Count).Select(column => rows.All(row => row.Cells[column] is not null)
                ? ReportCell.Of(rows.Average(row => row.Cells[column]!.Value), Decimals)
                : null)]);

        ReportCell? Cell(string enhancer, int?[] over, MetricFacts metric)
        {
            double?[] indices = [.. over.Select(setting => means.Index(set, codec, setting, enhancer, metric))];
            if (Array.Exists(indices, index => index is null))
                return null;
            string? note = null;
            if (over is [var setting] && means.Cycles(set, codec, setting, enhancer, metric.Name) is [var first, .., var last])
                note = $"{ReportCell.Of(first, metric.Decimals).Text} → {ReportCell.Of(last, metric.Decimals).Text}";

            return ReportCell.Of(indices.Average()!.Value, Decimals, note);
        }
    }
}

/// <summary>
/// The triangle of raw, compressed and enhanced pictures by each distance, and where its tip leans: figures 8 and 9 of the paper on the
/// bias.
/// </summary>
internal static class TriangleTables
{
    public static IEnumerable<ReportTable> Of(LabRun run)
    {
        // Of similarities, such as PSNR, there is no triangle.
        MetricFacts[] distances = [.. run.Table.Metrics.Where(metric =>
            !metric.Higher && run.Table.Metrics.Any(other => other.Name == DomainTriangle.ToCompressed(metric.Name)))];
        return distances.Length == 0 ? [] :
            from set in run.Table.Sets
            from codec in run.Table.Codecs(set)
            select Of(run, distances, set, codec);
    }

    private static ReportTable Of(LabRun run, MetricFacts[] distances, string set, string codec)
    {
        var means = run.Table;
        var triangles = (from setting in means.Settings(set, codec) from metric in distances select (setting, metric)).ToList();
        return new ReportTable
        {
            Id = ReportText.Id("triangle", set, codec),
            Title = $"Triangle of the domains on {set}, {codec}",
            Caption = "Distances between raw (R), compressed (C) and enhanced (E) pictures. The deviation is (CE² − RE²) / CR², in percent: below 0, enhanced pictures are nearer "
                + "to the compressed ones than to the raw ones.",
            Names = "System",
            Columns =
            [
                .. from triangle in triangles
                   from side in new[] { "CR", "RE", "CE", "deviation %" }
                   select new ReportColumn(
                       $"{ReportText.Setting(run, codec, triangle.setting)}, {triangle.metric.Name}", side,
                       side == "deviation %" ? true : null, triangle.metric.Decimals),
            ],
            Rows = [.. means.Enhancers.Select(enhancer => new ReportRow(
                enhancer, RowKind.Measured, null,
                [.. triangles.SelectMany(triangle => Sides(means, set, codec, triangle.setting, enhancer, triangle.metric))]))],
        };
    }

    private static IEnumerable<ReportCell?> Sides(FigureTable means, string set, string codec, int? setting, string enhancer, MetricFacts metric)
    {
        // Of the same pictures, or they would be no triangle.
        var sides = means.Together(set, codec, setting, DomainTriangle.Sides(enhancer, metric.Name));
        for (int i = 0; i < 3; i++)
            yield return sides is null ? null : ReportCell.Of(sides[i], metric.Decimals);
        yield return sides is [var cr, var re, var ce] ? ReportCell.Signed(DomainTriangle.Deviation(ce, re, cr), 1) : null;
    }
}
