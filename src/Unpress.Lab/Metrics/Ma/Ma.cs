using Unpress.Imaging;

namespace Unpress.Metrics;

/// <summary>The no-reference metric of Ma et al. for super-resolved pictures.</summary>
public sealed class Ma : INoReferenceMetric
{
    public string Name => "ma";

    public string Summary => "Score of random forests on frequencies and blocks, learned from opinions on super-resolved pictures; no reference";

    public MetricContract Contract { get; } = new()
    {
        Direction = MetricDirection.HigherIsBetter,
        Colour = "round(0.298936 R + 0.587043 G + 0.114021 B); gray as stored",
        Border = "zeros beyond blocks and windows; the spectrum wraps around",
        Window = "7×7 and 5×5 pixels at three sizes; a steerable pyramid of two scales and six orientations",
        Range = "about 0..10",
        Decimals = 4,
        OnIdentical = null,
        Symmetric = false,
        MinSide = MaFeatures.MinSide,
        Weights = [MaModel.File],
        Source = "Ma, Yang, Yang, Yang, CVIU 2017; the authors' code, whose random forests have to be fetched",
    };

    public void Prepare() => _ = MaModel.Published;

    public double Measure(ImageBuffer image)
    {
        PicturePair.CheckAlone(image, this);
        return Score(Raster.Of(Luma.GrayUint8.Of(image)), Name);
    }

    /// <param name="luma">0..255, in whole numbers.</param>
    /// <param name="metric">Which asks.</param>
    /// <exception cref="IncomparableException">All pixels are alike.</exception>
    internal static double Score(Raster luma, string metric) => luma.Values.AsSpan().ContainsAnyExcept(luma.Values[0])
        ? MaModel.Published.Score(MaFeatures.Of(luma))
        : throw new IncomparableException($"{metric} needs a picture with texture, this one is flat");
}
