using Unpress.Lab.Results;

namespace Unpress.Lab.Reports.Tables;

/// <summary>The triangle of raw, compressed and enhanced pictures by each distance, and where its tip leans: figures 8 and 9 of the paper on the bias.</summary>
internal static class TriangleTables
{
    public static IEnumerable<ReportTable> Of(LabRun run)
    {
        // Of similarities, such as PSNR, there is no triangle.
        MetricFacts[] distances = [.. run.Means.Metrics.Where(metric =>
            !metric.Higher && run.Means.Metrics.Any(other => other.Name == DomainTriangle.ToCompressed(metric.Name)))];
        return distances.Length == 0 ? [] :
            from set in run.Means.Sets
            from codec in run.Means.Codecs(set)
            select Of(run, distances, set, codec);
    }

    private static ReportTable Of(LabRun run, MetricFacts[] distances, string set, string codec)
    {
        var means = run.Means;
        var triangles = (from setting in means.Settings(set, codec) from metric in distances select (setting, metric)).ToList();
        return new ReportTable
        {
            Id = Words.Id("triangle", set, codec),
            Title = $"Triangle of the domains on {set}, {codec}",
            Caption = "Distances between raw (R), compressed (C) and enhanced (E) pictures. The deviation is (CE² − RE²) / CR², in percent: below 0, enhanced pictures are nearer "
                + "to the compressed ones than to the raw ones.",
            Names = "System",
            Columns =
            [
                .. from triangle in triangles
                   from side in new[] { "CR", "RE", "CE", "deviation %" }
                   select new ReportColumn(
                       $"{Words.Setting(run, codec, triangle.setting)}, {triangle.metric.Name}", side, side == "deviation %" ? true : null, triangle.metric.Decimals),
            ],
            Rows = [.. means.Enhancers.Select(enhancer => new ReportRow(
                enhancer, RowKind.Measured, null, [.. triangles.SelectMany(triangle => Sides(means, set, codec, triangle.setting, enhancer, triangle.metric))]))],
        };
    }

    private static IEnumerable<ReportCell?> Sides(Means means, string set, string codec, int? setting, string enhancer, MetricFacts metric)
    {
        // Of the same pictures, or they would be no triangle.
        var sides = means.Together(set, codec, setting, DomainTriangle.Sides(enhancer, metric.Name));
        for (int i = 0; i < 3; i++)
            yield return sides is null ? null : ReportCell.Of(sides[i], metric.Decimals);
        yield return sides is [var cr, var re, var ce] ? ReportCell.Signed(DomainTriangle.Deviation(ce, re, cr), 1) : null;
    }
}
