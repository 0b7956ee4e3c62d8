using Unpress.Imaging;

namespace Unpress.Metrics;

/// <summary>The perceptual index of the PIRM challenge: half of NIQE and of what <see cref="Ma"/> lacks to ten.</summary>
public sealed class PerceptualIndex : INoReferenceMetric
{
    private const int Border = 4;

    private readonly Niqe _niqe = new();

    public string Name => "pi";

    public string Summary => "((10 − Ma) + NIQE) / 2, the perceptual index of the PIRM challenge; no reference";

    public MetricContract Contract { get; } = new()
    {
        Direction = MetricDirection.LowerIsBetter,
        Colour = "round of BT.601 luma 16..235; gray as stored",
        Border = "4 pixels left away, then as in ma and niqe",
        Window = "as in ma and niqe: two blocks of 96×96 or more",
        Range = "about 0..10, can be more",
        Decimals = 4,
        OnIdentical = null,
        Symmetric = false,
        MinSide = NiqeFeatures.Block + (2 * Border),
        Weights = [Niqe.Weights, MaModel.File],
        Source = "Blau et al., ECCV Workshops 2018, eq. 1; pyiqa and the challenge's code",
    };

    public void Prepare()
    {
        _niqe.Prepare();
        _ = MaModel.Published;
    }

    public double Measure(ImageBuffer image)
    {
        PicturePair.CheckAlone(image, this);
        var seen = Seen(image);
        return (10 - Ma.Score(Raster.Of(seen), Name) + _niqe.Score(seen, Name)) / 2;
    }

    /// <summary>The luma that both halves look at.</summary>
    internal static Plane Seen(ImageBuffer image)
    {
        var inner = Raster.Inner(Luma.StudioUint8.Of(image), Border);
        return new StoredPlane(inner.Width, inner.Height, inner.Values);
    }
}
