namespace Unpress.Metrics;

/// <summary>Fréchet inception distance.</summary>
public sealed class Fid : ISetMetric
{
    public string Name => "fid";

    public string Summary => "Fréchet distance of Inception features of two sets of pictures, as pytorch-fid computes it";

    public MetricContract Contract { get; } = new()
    {
        Direction = MetricDirection.LowerIsBetter,
        Colour = "RGB; gray as R = G = B",
        Border = "nothing removed",
        Window = "the whole picture, brought to 299×299 (bilinear, no antialiasing); two pictures or more",
        Range = "0..infinity; falls with the number of pictures, so compare the same number only",
        Decimals = 3,
        OnIdentical = 0,
        Symmetric = true,
        MinSide = 1,
        Weights = [InceptionFeatures.Weights],
        Source = "Heusel et al., NeurIPS 2017, eq. 6; pytorch-fid",
    };

    public double Measure(PictureSet reference, PictureSet images)
    {
        foreach (var set in new[] { reference, images })
            if (set.Statistics.Count == 1)
                throw new IncomparableException("fid needs two pictures or more on each side: one has no covariance");
        return IsWholeAndSmall(reference) && IsWholeAndSmall(images) && reference.Statistics.Dimensions == images.Statistics.Dimensions
            ? FrechetDistance.OfFew(reference.Sample, images.Sample)
            : FrechetDistance.Between(reference.Statistics, images.Statistics);
    }

    // All features are at hand, and fewer than their numbers.
    private static bool IsWholeAndSmall(PictureSet set) =>
        set.Sample.Count == set.Statistics.Count && set.Sample.Count is >= 2 && set.Sample.Count < set.Statistics.Dimensions;
}
