namespace Unpress.Metrics;

/// <summary>Kernel inception distance.</summary>
public sealed class Kid : ISetMetric
{
    public string Name => "kid";

    public string Summary => "Maximum mean discrepancy of Inception features of two sets of pictures, without bias for few pictures";

    public MetricContract Contract { get; } = new()
    {
        Direction = MetricDirection.LowerIsBetter,
        Colour = "RGB; gray as R = G = B",
        Border = "nothing removed",
        Window = "as fid; the mean over 100 subsets of 1,000 pictures, or the whole sets where they are smaller",
        Range = "about 0..1, can be a little below 0",
        Decimals = 5,
        OnIdentical = null,
        Symmetric = true,
        MinSide = 1,
        Weights = [InceptionFeatures.Weights],
        Source = "Bińkowski et al., ICLR 2018, eq. 4",
    };

    public double Measure(PictureSet reference, PictureSet images) => KernelDistance.Between(reference.Sample, images.Sample);
}
