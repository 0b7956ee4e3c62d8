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
        double[] mean = [.. Enumerable.Range(0, NiqeFeatures.Count)
            .Select(i => blocks.Select(block => block[i]).Where(value => !double.IsNaN(value)).Average())];
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

/// <summary>
/// The features of NIQE, 36 for each block of 96×96 pixels (48×48 at half the size): Mittal, Soundararajan, Bovik, IEEE SPL 2013, section II.
/// A block without texture has features that are NaN.
/// </summary>
internal static class NiqeFeatures
{
    public const int Block = 96;
    public const int Count = 36;

    // Rows and columns by which a neighbour lies before.
    private static readonly (int Down, int Right)[] Neighbours = [(0, 1), (1, 0), (1, 1), (1, -1)];

    /// <summary>The whole blocks of a luma plane, from the top left; [blocks][36].</summary>
    /// <param name="sharpness">Gets the mean local deviation of each block where the caller wants it.</param>
    public static double[][] Of(Plane luma, List<double>? sharpness = null)
    {
        int across = luma.Width / Block, down = luma.Height / Block;
        var features = new double[across * down][];
        for (int i = 0; i < features.Length; i++)
            features[i] = new double[Count];
        var image = Raster.TopLeft(luma, across * Block, down * Block);
        for (int scale = 0; scale < 2; scale++)
        {
            int side = Block >> scale;
            var deviation = scale == 0 && sharpness is not null ? new Raster(image.Width, image.Height) : null;
            var normalised = ContrastNormalisation.Of(image, zeroBorder: false, deviation);
            for (int i = 0; i < features.Length; i++)
            {
                int left = i % across * side, top = i / across * side;
                Fill(normalised, left, top, side, features[i].AsSpan(scale * Count / 2, Count / 2));
                if (deviation is not null)
                    sharpness!.Add(Mean(deviation, left, top, side));
            }

            if (scale == 0)
                image = BicubicHalf.Of(image);
        }

        return features;
    }

    private static void Fill(Raster normalised, int left, int top, int side, Span<double> features)
    {
        var own = AsymmetricFit.Of(normalised, left, top, side, side);
        features[0] = own.Shape;
        features[1] = (own.LeftScale + own.RightScale) / 2;
        for (int k = 0; k < Neighbours.Length; k++)
        {
            var fit = AsymmetricFit.OfProducts(normalised, left, top, side, side, Neighbours[k].Down, Neighbours[k].Right);
            var part = features[(2 + (4 * k))..];
            (part[0], part[1], part[2], part[3]) = (fit.Shape, fit.Mean, fit.LeftScale, fit.RightScale);
        }
    }

    private static double Mean(Raster raster, int left, int top, int side)
    {
        double sum = 0;
        for (int y = 0; y < side; y++)
            foreach (double value in raster.Row(top + y).Slice(left, side))
                sum += value;
        return sum / (side * side);
    }
}

/// <summary>
/// Parameters of NIQE from undamaged pictures: the mean and the covariance over their sharp blocks, those whose mean local deviation is above
/// three quarters of the picture's largest (section II.C). Pictures come one after the other; nothing of them is kept.
/// </summary>
public sealed class NiqeFit
{
    private const double SharpEnough = 0.75;

    private readonly FeatureStatistics _blocks = new(NiqeFeatures.Count);

    /// <summary>Sharp blocks so far.</summary>
    public long Blocks => _blocks.Count;

    /// <exception cref="IncomparableException">Smaller than one block, or CMYK.</exception>
    public void Add(ImageBuffer image)
    {
        PicturePair.CheckAlone(image, new Niqe());
        var sharpness = new List<double>();
        double[][] blocks = NiqeFeatures.Of(Luma.GrayUint8.Of(image), sharpness);
        double limit = SharpEnough * sharpness.Max();
        for (int i = 0; i < blocks.Length; i++)
            if (sharpness[i] > limit && !blocks[i].Contains(double.NaN))
                _blocks.Add(blocks[i]);
    }

    /// <summary>Writes the file that <c>--metrics niqe=FILE</c> takes, in the form of the published one.</summary>
    /// <exception cref="InvalidOperationException">Fewer blocks than features: the covariance would not be of full rank.</exception>
    public void Save(string path)
    {
        if (Blocks <= NiqeFeatures.Count)
            throw new InvalidOperationException($"{Blocks} sharp blocks of {NiqeFeatures.Block}x{NiqeFeatures.Block} pixels are too few, more than {NiqeFeatures.Count} are needed: add pictures");
        new NiqeModel([.. _blocks.Mean], _blocks.Covariance()).Save(path);
    }
}
