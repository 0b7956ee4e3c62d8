using Unpress.Lab.Reports.Published;
using Unpress.Lab.Results;
using Unpress.Metrics;

namespace Unpress.Lab.Reports.Tables;

/// <summary>Bjøntegaard rates against the compressed pictures, where a codec has settings enough for a curve.</summary>
internal static class BdTables
{
    private const int FewestSettings = 4;

    private static readonly (CurveFit Fit, string Name, string? Published)[] Fits = [(CurveFit.Cubic, "cubic", "bd-br:"), (CurveFit.Pchip, "PCHIP", null)];

    public static IEnumerable<ReportTable> Of(LabRun run) =>
        from set in run.Table.Sets
        from codec in run.Table.Codecs(set)
        where run.Table.Settings(set, codec).Count(setting => run.Table.BitsPerPixel(set, codec, setting) is not null) >= FewestSettings
            && run.Table.Enhancers.Count > 0
        select Of(run, set, codec);

    private static ReportTable Of(LabRun run, string set, string codec)
    {
        var deltas = Fits.SelectMany(fit => RateDelta.Of(run.Facts, run.Table, fit.Fit)).Where(delta => (delta.Set, delta.Codec) == (set, codec))
            .ToDictionary(delta => (delta.Enhancer, delta.Metric, delta.Fit));
        var columns = (from rate in new[] { true, false } from fit in Fits from metric in run.Table.Qualities select (rate, fit, metric)).ToList();
        List<string> sources = [];
        List<ReportRow> published = [.. PublishedRows.Of(
            run.Published(set, codec), columns.Select(column => ((int?)null,
                column.rate && column.fit.Published is { } name ? name + column.metric.Name : "")), sources)];
        return new ReportTable
        {
            Id = ReportText.Id("bd", set, codec),
            Title = $"Bits saved on {set}, {codec}",
            Caption = $"How many percent more bits pictures enhanced once take than compressed ones of the same quality, and how much better they are at the same bits: "
                + $"Bjøntegaard's deltas over {run.Table.Settings(set, codec).Count} settings. Below 0 bits are saved; quality is in the metric's unit, above 0 better whatever the metric. "
                + "A dash: the curves do not rise, or have nothing in common."
                + (published.Count > 0 ? " Published rows do not say how their curves were fitted." : ""),
            Names = "System",
            Columns = [.. columns.Select(column => new ReportColumn(
                $"{(column.rate ? "BD-rate %" : "BD-quality")}, {column.fit.Name}", column.metric.Name, !column.rate, column.rate
                    ? 2
                    : column.metric.Decimals))],
            Rows =
            [
                .. run.Table.Enhancers.Select(enhancer => new ReportRow(
                    enhancer, RowKind.Measured, null, [.. columns.Select(column => Cell(
                        deltas.GetValueOrDefault((enhancer, column.metric.Name, column.fit.Fit)), column.rate, column.rate ? 2 : column.metric.Decimals))])),
                .. published,
            ],
            Sources = sources,
        };
    }

    private static ReportCell? Cell(RateDelta? delta, bool rate, int decimals) => (rate ? delta?.Rate : delta?.Quality) switch
    {
        { } known when double.IsFinite(known) => rate ? ReportCell.Of(known, decimals) : ReportCell.Signed(known, decimals),
        _ => null, // the caption says what a dash means
    };
}
