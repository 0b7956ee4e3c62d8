using Unpress.Data;
using Unpress.Imaging;
using Unpress.Imaging.Codecs;
using Unpress.Inference;
using Unpress.Networks;
using Unpress.Torch;

namespace Unpress.Evaluation;

/// <summary>
/// How well a network tells the quality factor: originals as they are and compressed with JPEG 4:2:0 at a few factors. It sees whole pictures.
/// </summary>
public sealed class EstimateTable
{
    /// <summary>A number that far from the truth is counted as near.</summary>
    public const int Near = 5;

    private EstimateTable(IReadOnlyList<EstimateRow> rows, IReadOnlyList<string> errors) => (Rows, Errors) = (rows, errors);

    /// <summary>Ordered by picture, then as the qualities were given, the original last.</summary>
    public IReadOnlyList<EstimateRow> Rows { get; }

    /// <summary>One line a failed picture, naming it.</summary>
    public IReadOnlyList<string> Errors { get; }

    /// <summary>The qualities in their order, null for the originals.</summary>
    public IReadOnlyList<int?> Qualities => [.. Rows.Select(row => row.Quality).Distinct()];

    /// <summary>Whether the network predicts classes.</summary>
    public bool HasClasses => Rows.Any(row => row.Class is not null);

    /// <summary>A picture that fails does not stop the others.</summary>
    /// <param name="originals">Files, 8-bit gray or RGB without alpha.</param>
    /// <param name="network">One that predicts the quality factor.</param>
    /// <param name="onDone">Called after each picture.</param>
    /// <exception cref="ArgumentException">The network predicts none.</exception>
    public static EstimateTable Run(
        IReadOnlyList<string> originals, IReadOnlyList<int> qualities, Network network, Action? onDone, CancellationToken cancellation)
    {
        if (network is not IQualityPredictor { PredictsQuality: true })
            throw new ArgumentException("the model does not tell a quality factor; those of fbcnn, encoder and dagn-autoencoder with predictsQuality do");
        network.Eval();
        var (rows, errors) = (new List<EstimateRow>(), new List<string>());
        foreach (string file in originals)
        {
            cancellation.ThrowIfCancellationRequested();
            try
            {
                rows.AddRange(RowsOf(file, qualities, network, cancellation));
            }
            catch (InvalidFileException error)
            {
                errors.Add(error.Message);
            }

            onDone?.Invoke();
        }

        return new EstimateTable(rows, errors);
    }

    /// <summary>Means over the rows of one quality, null for the originals.</summary>
    public EstimateFigures Of(int? quality) => EstimateFigures.Of([.. Rows.Where(row => row.Quality == quality)]);

    /// <summary>Means over all rows.</summary>
    public EstimateFigures OfAll() => EstimateFigures.Of(Rows);

    private static List<EstimateRow> RowsOf(string file, IReadOnlyList<int> qualities, Network network, CancellationToken cancellation)
    {
        var original = OriginalPicture.Load(file, gray: false);
        string name = Path.GetFileNameWithoutExtension(file);
        var rows = new List<EstimateRow>();
        foreach (int quality in qualities)
        {
            var compressed = Restoration.Compress(original, JpegCodec.Instance, new CodecSettings(quality), cancellation);
            rows.Add(RowOf(name, quality, compressed.Image, network));
        }

        rows.Add(RowOf(name, null, original, network));
        return rows;
    }

    private static EstimateRow RowOf(string name, int? quality, ImageBuffer picture, Network network)
    {
        using var noGrad = Autograd.NoGrad();
        using var scope = TensorScope.Enter();
        using var planes = PlanePixels.Read(picture);
        using var taken = ColourPass.Input(network.Facts.Channels, planes);
        var input = Tensor.From<float>(taken.Values, 1, taken.Bands, taken.Height, taken.Width);
        if (network is not IQualityClassifier classifier)
            return new EstimateRow(name, quality, ((IQualityPredictor)network).PredictQuality(input).Item(), null);
        float[] classes = [.. classifier.ClassifyQuality(input).Contiguous().Memory<float>()];
        double mean = classes.Select((share, k) => share * (k + 1.0)).Sum();
        return new EstimateRow(name, quality, mean, Array.IndexOf(classes, classes.Max()) + 1);
    }
}

/// <summary>How strongly a network takes one picture to be compressed.</summary>
/// <param name="Quality">The JPEG quality factor it was compressed with; null for the original.</param>
/// <param name="Found">The network's number, about 1..100.</param>
/// <param name="Class">The most likely of its classes, 1..100; null where it has none.</param>
public sealed record EstimateRow(string Image, int? Quality, double Found, int? Class)
{
    /// <summary>What is right; originals count as 100, as in trainings.</summary>
    public int Truth => Quality ?? 100;

    /// <summary>Its class, or where it has none its number without decimals, is the right one.</summary>
    public bool IsExact => (Class ?? (int)Math.Round(Found)) == Truth;

    public double Error => Math.Abs(Found - Truth);
}

/// <summary>Means over rows of an <see cref="EstimateTable"/>.</summary>
/// <param name="Pictures">How many rows.</param>
/// <param name="Found">Mean of the network's numbers.</param>
/// <param name="Error">Mean distance of its numbers from the truth.</param>
/// <param name="Near">Share of numbers at most <see cref="EstimateTable.Near"/> from the truth, 0..1.</param>
/// <param name="Exact">Share of right classes, 0..1; of right whole numbers, where the network has no classes.</param>
public sealed record EstimateFigures(int Pictures, double Found, double Error, double Near, double Exact)
{
    /// <exception cref="InvalidOperationException">There are no rows.</exception>
    public static EstimateFigures Of(IReadOnlyList<EstimateRow> rows) => new(
        rows.Count,
        rows.Average(row => row.Found),
        rows.Average(row => row.Error),
        rows.Average(row => row.Error <= EstimateTable.Near ? 1 : 0),
        rows.Average(row => row.IsExact ? 1 : 0));
}
