using Unpress.Consistency;
using Unpress.Imaging;
using Unpress.Imaging.Codecs;
using Unpress.Imaging.Jpeg;
using Unpress.Inference;
using Unpress.Metrics;

namespace Unpress.Evaluation.Cycles;

/// <summary>Enhances pictures again and again and measures each time: what happens to a picture that several people restore in turn.</summary>
public sealed class CycleRunner
{
    private readonly CycleOptions _options;
    private readonly Func<ImageBuffer, int, ImageBuffer> _enhance;

    /// <param name="enhance">
    /// The picture and the number of the cycle, from 1, to a restored picture of the same size. It sees what a lossless file would keep: 8-bit
    /// pixels, and from the second cycle on nothing of the JPEG.
    /// </param>
    /// <exception cref="ArgumentException">The options contradict each other.</exception>
    public CycleRunner(CycleOptions options, Func<ImageBuffer, int, ImageBuffer> enhance)
    {
        options.Validate();
        (_options, _enhance) = (options, enhance);
    }

    /// <summary>
    /// One picture after the other, since a network uses all processors itself. One that fails is named and left out; one that a metric refuses
    /// is left out of that metric.
    /// </summary>
    /// <param name="onDone">Called after each picture.</param>
    public CycleTable Run(Action? onDone, CancellationToken cancellation)
    {
        var rows = new List<CycleRow>();
        var errors = new List<string>();
        foreach (var metric in _options.Metrics)
            metric.Prepare();
        foreach (string file in _options.Originals)
        {
            try
            {
                rows.AddRange(RowsOf(file, errors, cancellation));
            }
            catch (InvalidFileException error)
            {
                errors.Add(error.Message);
            }
            catch (Exception error) when (error is IncomparableException or UnsuitablePictureException or NativeImageException or IOException or UnauthorizedAccessException)
            {
                errors.Add($"{file}: {error.Message}");
            }
            onDone?.Invoke();
        }
        return new CycleTable(_options, rows, errors);
    }

    private List<CycleRow> RowsOf(string file, List<string> errors, CancellationToken cancellation)
    {
        var original = OriginalPicture.Load(file, _options.Gray);
        var measurement = new StateMeasurement(_options.Metrics, file, original);
        var rows = new List<CycleRow>();
        foreach (int quality in _options.Qualities)
        {
            var encoded = _options.Codec.Encode(original, new CodecSettings(quality, _options.Subsampling), cancellation);
            var coefficients = _options.Consistent ? JpegCoefficients.Read(encoded.Bytes, file) : null;
            var picture = _options.Codec.Decode(encoded.Bytes, cancellation);
            Add(0);
            for (int cycle = 1; cycle <= _options.Cycles; cycle++)
            {
                cancellation.ThrowIfCancellationRequested();
                picture = _enhance(picture, cycle);
                if (coefficients is not null)
                    picture = ConsistentPicture.Of(picture, coefficients);
                picture.Metadata = new ImageMetadata();
                Add(cycle);
            }

            void Add(int cycle) => rows.Add(new CycleRow(
                Path.GetFileNameWithoutExtension(file), quality, cycle, measurement.Add(picture, $"quality {quality}, cycle {cycle}")));
        }
        errors.AddRange(measurement.Finish());
        return rows;
    }
}

/// <summary>The metrics of one picture after one of its enhancements.</summary>
/// <param name="Image">File name without extension.</param>
/// <param name="Quality">In the codec's own scale.</param>
/// <param name="Cycle">0 is the compressed picture, 1 the first enhancement.</param>
/// <param name="Values">One value a metric, in the order of the options.</param>
public sealed record CycleRow(string Image, int Quality, int Cycle, IReadOnlyList<double> Values);

/// <summary>What a <see cref="CycleTable"/> is made from. Consistent are the pictures after each enhancement, before the next.</summary>
public sealed record CycleOptions : EvaluationOptions
{
    /// <summary>Enhancements in a row, two or more.</summary>
    public int Cycles { get; init; } = 5;

    private protected override IEnumerable<string> Faults()
        => Cycles < 2 ? base.Faults().Append($"{Cycles} cycles: two or more") : base.Faults();
}
