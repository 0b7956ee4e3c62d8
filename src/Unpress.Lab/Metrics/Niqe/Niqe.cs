using Unpress.Downloads;
using Unpress.Imaging;

namespace Unpress.Metrics;

/// <summary>Natural image quality evaluator: how far a picture's statistics are from those of undamaged photographs.</summary>
public sealed class Niqe : IFittedMetric
{
    /// <summary>The published parameters.</summary>
    public const string Weights = "niqe";

    private readonly Lazy<NiqeModel> _model;

    /// <param name="file">Parameters, as <c>unpress fit niqe</c> writes them; null for the published ones.</param>
    public Niqe(string? file = null)
    {
        Name = file is null ? "niqe" : $"niqe={Path.GetFileNameWithoutExtension(file)}";
        _model = new(() => NiqeModel.Read(file ?? OfficialFiles.Require(Weights)), LazyThreadSafetyMode.PublicationOnly);
    }

    public string Name { get; }

    public string Summary => "Distance of a picture's statistics from those of undamaged photographs; no reference";

    public MetricContract Contract { get; } = new()
    {
        Direction = MetricDirection.LowerIsBetter,
        Colour = "round(0.298936 R + 0.587043 G + 0.114021 B); gray as stored",
        Border = "cropped to multiples of 96 from the top left; pixels repeated beyond",
        Window = "Gaussian 7×7, σ 7/6; blocks of 96×96, at two sizes, two blocks or more; differences below 1e-9 are zero",
        Range = "0..infinity, photographs about 2..7",
        Decimals = 4,
        OnIdentical = null,
        Symmetric = false,
        MinSide = NiqeFeatures.Block,
        Weights = [Weights],
        Source = "Mittal, Soundararajan, Bovik, IEEE SPL 2013; the LIVE release's parameters",
    };

    public IMetric With(string file) => new Niqe(file);

    public void Prepare() => _ = _model.Value;

    public double Measure(ImageBuffer image)
    {
        PicturePair.CheckAlone(image, this);
        return Score(Luma.GrayUint8.Of(image), Name);
    }

    /// <param name="luma">0..255, in whole numbers.</param>
    /// <param name="metric">Which asks.</param>
    /// <exception cref="IncomparableException">Fewer than two blocks, or than two with texture.</exception>
    internal double Score(Plane luma, string metric)
    {
        double[][] blocks = NiqeFeatures.Of(luma);
        var whole = new FeatureStatistics(NiqeFeatures.Count);
        foreach (double[] block in blocks.Where(block => !block.Contains(double.NaN)))
            whole.Add(block);
        if (whole.Count < 2)
            throw new IncomparableException(
                blocks.Length < 2 ? $"{metric} needs two blocks of {NiqeFeatures.Block}x{NiqeFeatures.Block} pixels, the picture has {luma.Width}x{luma.Height}"
                : $"{metric} needs two blocks with texture, {whole.Count} of {blocks.Length} in the picture have any");

        // The mean takes from a flat block what it has, the covariance nothing: the authors' code does so.
        double[] mean = [.. Enumerable.Range(0, NiqeFeatures.Count).Select(i => blocks.Select(block => block[i]).Where(value => !double.IsNaN(value)).Average())];
        return _model.Value.Distance(mean, whole.Covariance());
    }
}
