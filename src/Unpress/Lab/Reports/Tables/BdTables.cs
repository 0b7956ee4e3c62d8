using Unpress.Lab.Reports.Published;
using Unpress.Lab.Results;
using Unpress.Metrics;

namespace Unpress.Lab.Reports.Tables;

/// <summary>Bjøntegaard rates against the compressed pictures, where a codec has settings enough for a curve.</summary>
internal static class BdTables
{
    private const int FewestSettings = 4;

    private static readonly (CurveFit Fit, string Name, string Published)[] Fits =
        [(CurveFit.Cubic, "BD-rate %, cubic", "bd-br:"), (CurveFit.Pchip, "BD-rate %, PCHIP", "none:")];

    public static IEnumerable<ReportTable> Of(LabRun run) =>
        from set in run.Means.Sets
        from codec in run.Means.Codecs(set)
        where run.Means.Settings(set, codec).Count(setting => run.Means.BitsPerPixel(set, codec, setting) is not null) >= FewestSettings
            && run.Means.Enhancers.Count > 0
        select Of(run, set, codec);

    private static ReportTable Of(LabRun run, string set, string codec)
    {
        var columns = (from fit in Fits from metric in run.Means.Metrics select (fit, metric)).ToList();
        List<string> sources = [];
        return new ReportTable
        {
            Id = Words.Id("bd", set, codec),
            Title = $"Bits saved on {set}, {codec}",
            Caption = $"How many percent more bits pictures enhanced once take than compressed ones of the same quality: Bjøntegaard's delta over {run.Means.Settings(set, codec).Count} settings. "
                + "Below 0 bits are saved. A dash: the curves do not rise, or have no quality in common."
                + (codec == "hevc" ? " Published rows do not say how their curves were fitted." : ""),
            Names = "System",
            Columns = [.. columns.Select(column => new ReportColumn(column.fit.Name, column.metric.Name, false, 2))],
            Rows =
            [
                .. run.Means.Enhancers.Select(enhancer => new ReportRow(
                    enhancer, RowKind.Measured, null, [.. columns.Select(column => Cell(run, set, codec, enhancer, column.metric, column.fit.Fit))])),
                .. PublishedRows.Of(
                    run.Published(set, codec), columns.Select(column => ((int?)null, column.fit.Published + column.metric.Name)), sources),
            ],
            Sources = sources,
        };
    }

    private static ReportCell? Cell(LabRun run, string set, string codec, string enhancer, MetricFacts metric, CurveFit fit)
    {
        try
        {
            double rate = Bjontegaard.Rate(Curve(Figure.Compressed, 0), Curve(enhancer, 1), fit);
            return double.IsFinite(rate) ? ReportCell.Of(rate, 2) : null;
        }
        catch (ArgumentException)
        {
            return null; // the caption says what a dash means
        }

        RatePoint[] Curve(string system, int cycle) =>
            [.. from setting in run.Means.Settings(set, codec)
                let bits = run.Means.BitsPerPixel(set, codec, setting)
                let quality = run.Means.At(set, codec, setting, system, cycle, metric.Name)
                where bits is not null && quality is not null
                select new RatePoint(bits.Value, metric.Higher ? quality.Value : -quality.Value)];
    }
}
