using Unpress.Consistency;
using Unpress.Imaging;
using Unpress.Lab.Results;
using Unpress.Metrics;

namespace Unpress.Lab.Experiments;

/// <summary>What is asked of several answers to one picture.</summary>
internal static class CandidateMeasures
{
    public static IEnumerable<LabMeasure> Of(IEnumerable<string> metrics) =>
    [
        .. LabMeasure.Against(metrics).Select(Mean),
        new(
            new MetricFacts("apart", "How far two candidates differ", Higher: true, Unit: "", Decimals: 2, "root mean square over pixels, in levels of 255; mean over all pairs", Neither: true),
            trio => Pairs(trio.Candidates).Average(pair => Difference(pair.First, pair.Second)),
            enhancer => enhancer is not (Figure.Raw or Figure.Compressed)),
        new(
            new MetricFacts("in-cells", "Share of the coefficients in the JPEG's cells", Higher: true, Unit: "", Decimals: 4, "0..1, all planes; mean over the candidates"),
            trio => trio.Candidates.Average(candidate => ConsistentPicture.ShareInside(candidate, trio.File!)),
            _ => true),
        new(
            new MetricFacts("grid", "Pattern of a 2×2 grid", Higher: false, Unit: "", Decimals: 3, "root mean square in levels of 255, in blocks of 16×16; mean over the candidates"),
            trio => trio.Candidates.Average(GridTrace.Of),
            _ => true),
    ];

    /// <summary>The root mean square difference of two pictures of one size, levels of 255.</summary>
    public static double Difference(ImageBuffer a, ImageBuffer b)
    {
        double sum = 0;
        for (int i = 0; i < a.Data.Length; i++)
            sum += (a.Data[i] - b.Data[i]) * (double)(a.Data[i] - b.Data[i]);
        return Math.Sqrt(sum / a.Data.Length);
    }

    private static LabMeasure Mean(LabMeasure measure) =>
        measure with { Of = trio => trio.Candidates.Average(candidate => measure.Of(trio with { Image = candidate })) };

    private static IEnumerable<(ImageBuffer First, ImageBuffer Second)> Pairs(IReadOnlyList<ImageBuffer> all) =>
        from i in Enumerable.Range(0, all.Count) from k in Enumerable.Range(i + 1, all.Count - i - 1) select (all[i], all[k]);
}
