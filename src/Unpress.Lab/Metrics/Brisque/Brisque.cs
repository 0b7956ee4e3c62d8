using Unpress.Downloads;
using Unpress.Imaging;

namespace Unpress.Metrics;

/// <summary>Blind/referenceless image spatial quality evaluator: a score that people would give, learned from a picture's statistics.</summary>
public sealed class Brisque : IFittedMetric
{
    /// <summary>The published model and the ranges of its features.</summary>
    public const string Weights = "brisque", Ranges = "brisque-range";

    private readonly Lazy<BrisqueModel> _model;

    /// <param name="file">A model, as <c>unpress fit brisque</c> writes it, its ranges beside it; null for the published one.</param>
    public Brisque(string? file = null)
        : this(file is null ? "brisque" : $"brisque={Path.GetFileNameWithoutExtension(file)}", file, file is null ? null : RangeOf(file))
    {
    }

    /// <param name="name">What the metric is called.</param>
    /// <param name="model">A model of LIBSVM.</param>
    /// <param name="range">The ranges of its features, as svm-scale writes them.</param>
    public Brisque(string name, string? model, string? range)
    {
        Name = name;
        _model = new(() => BrisqueModel.Read(model ?? OfficialFiles.Require(Weights), range ?? OfficialFiles.Require(Ranges)), LazyThreadSafetyMode.PublicationOnly);
    }

    public string Name { get; }

    public string Summary => "Score of a regression on a picture's statistics, learned from people's opinions; no reference";

    public MetricContract Contract { get; } = new()
    {
        Direction = MetricDirection.LowerIsBetter,
        Colour = "round(0.298936 R + 0.587043 G + 0.114021 B); gray as stored",
        Border = "zeros beyond",
        Window = "Gaussian 7×7, σ 7/6, at two sizes; differences below 1e-9 are zero",
        Range = "about 0..150, can be below 0",
        Decimals = 4,
        OnIdentical = null,
        Symmetric = false,
        MinSide = 16,
        Weights = [Weights, Ranges],
        Source = "Mittal, Moorthy, Bovik, IEEE TIP 2012; the LIVE release's model of 774 vectors",
    };

    /// <summary>Where the ranges of a fitted model are kept.</summary>
    public static string RangeOf(string model) => model + ".range";

    public IMetric With(string file) => new Brisque(file);

    public void Prepare() => _ = _model.Value;

    public double Measure(ImageBuffer image)
    {
        PicturePair.CheckAlone(image, this);
        double score = _model.Value.Score(BrisqueFeatures.Of(Luma.GrayUint8.Of(image)));
        return double.IsNaN(score) ? throw new IncomparableException($"{Name} needs a picture with texture, this one is flat") : score;
    }
}
