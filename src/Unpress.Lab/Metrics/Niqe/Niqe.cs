using Unpress.Downloads;
using Unpress.Imaging;
using Unpress.Torch.Weights;

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

/// <summary>What pictures without damage look like: mean and covariance of <see cref="NiqeFeatures"/>.</summary>
internal sealed record NiqeModel(double[] Mean, double[] Covariance)
{
    private const string MeanName = "mu_pris_param", CovarianceName = "cov_pris_param";

    /// <exception cref="WeightsFormatException">Not a file of NIQE's parameters.</exception>
    public static NiqeModel Read(string path)
    {
        using var file = WeightFile.Open(path);
        var model = new NiqeModel(file[MeanName].ToDoubles(), file[CovarianceName].ToDoubles());
        return model.Mean.Length == NiqeFeatures.Count && model.Covariance.Length == NiqeFeatures.Count * NiqeFeatures.Count
            ? model
            : throw new WeightsFormatException(path, $"does not hold the mean and covariance of {NiqeFeatures.Count} features");
    }

    public void Save(string path) => NumpyArchive.Save(path,
        [StoredDoubles.Of(MeanName, Mean, 1, Mean.Length), StoredDoubles.Of(CovarianceName, Covariance, Mean.Length, Mean.Length)]);

    /// <summary>sqrt((µ₀ − µ)·pinv((Σ₀ + Σ)/2)·(µ₀ − µ)ᵀ), eq. 10.</summary>
    public double Distance(double[] mean, double[] covariance)
    {
        int n = Mean.Length;
        double[] both = [.. Covariance.Zip(covariance, (a, b) => (a + b) / 2)];
        var (values, vectors) = SymmetricEigen.Of(both, n);
        // What MATLAB's pinv takes for zero.
        double least = n * (Math.BitIncrement(values[^1]) - values[^1]);
        double sum = 0;
        for (int k = 0; k < n; k++)
        {
            if (values[k] <= least)
                continue;
            double along = 0;
            for (int i = 0; i < n; i++)
                along += vectors[(i * n) + k] * (Mean[i] - mean[i]);
            sum += along * along / values[k];
        }

        return Math.Sqrt(sum);
    }
}
