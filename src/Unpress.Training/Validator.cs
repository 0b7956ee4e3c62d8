using Unpress.Data;
using Unpress.Degradations;
using Unpress.Files;
using Unpress.Imaging;
using Unpress.Imaging.Codecs;
using Unpress.Imaging.Colour;
using Unpress.Inference;
using Unpress.Metrics;
using Unpress.Networks;
using Unpress.Recipes;
using Unpress.Torch;
using Unpress.Training.Logging;

namespace Unpress.Training;

/// <summary>
/// Measures the network in training on whole pictures: RGB PSNR over settings of the codec that it is trained for, with that codec's usual chroma,
/// no border left out. A picture that fails ends it, since two means are comparable only over the same pictures; the network stays on the training's
/// thread with its number of threads and its device.
/// </summary>
internal sealed class Validator
{
    private readonly ValidationSection _section;
    private readonly IReadOnlyList<string> _files;
    private readonly ICodec _codec;
    private readonly Psnr _psnr = new();

    private Validator(ValidationSection section, IReadOnlyList<string> files, ICodec codec)
        => (_section, _files, _codec) = (section, files, codec);

    /// <summary>Null for a recipe that has no validation.</summary>
    /// <exception cref="TrainingException">There are no pictures in its folder.</exception>
    public static Validator? Of(Recipe recipe)
    {
        if (recipe.Validation is not { } section)
            return null;
        string[] files = Directory.Exists(section.Folder)
            ? [.. InputFiles.Below(section.Folder, recursive: false).Take(section.Limit ?? int.MaxValue)]
            : [];
        return files.Length > 0
            ? new Validator(section, files, DegradationList.CodecOf(recipe.Data.Degradation))
            : throw new TrainingException($"{section.Folder}: no validation pictures");
    }

    /// <summary>Uses the average of the weights when one is kept, as the result will.</summary>
    /// <param name="samples">Where what becomes of the first picture is kept.</param>
    public ValidationFigures Measure(TrainingState state, SampleFolder samples, CancellationToken cancellation)
    {
        state.Average?.Swap();
        state.Network.Eval();
        try
        {
            return new ValidationFigures(
                [.. _section.Qualities.Select(quality => Measure(state, quality, samples, cancellation))],
                _section.Cycles > 1 ? Originals(state, cancellation) : null);
        }
        finally
        {
            state.Train();
            state.Average?.Swap();
        }
    }

    private ValidationFigure Measure(TrainingState state, int quality, SampleFolder samples, CancellationToken cancellation)
    {
        double before = 0;
        var after = new double[_section.Cycles];
        string scale = _codec.QualityName.Split(' ')[0];
        foreach (string file in _files)
        {
            cancellation.ThrowIfCancellationRequested();
            var raw = Load(file);
            var compressed = Restoration.Compress(raw, _codec, new CodecSettings(quality, _codec.Subsamplings[0]), cancellation);
            before += _psnr.Measure(raw, compressed.Image);
            var enhanced = compressed;
            for (int cycle = 0; cycle < after.Length; cycle++)
            {
                enhanced = enhanced.Enhanced(picture => Enhance(state, picture));
                after[cycle] += _psnr.Measure(raw, enhanced.Image) / _files.Count;
                if (cycle == 0 && file == _files[0])
                    samples.Keep(state.Step, FormattableString.Invariant($"{scale.ToLowerInvariant()}{quality}"), raw, compressed.Image, enhanced.Image);
            }
        }

        return new ValidationFigure(
            scale, quality, before / _files.Count, after[0], after.Length > 1 ? DegradationIndex.Of(after, MetricDirection.HigherIsBetter) : null);
    }

    // f(y) against y. A picture that comes back as it was counts as 100 dB, so that there is a mean.
    private double Originals(TrainingState state, CancellationToken cancellation)
    {
        const double Untouched = 100;
        return _files.Average(file =>
        {
            cancellation.ThrowIfCancellationRequested();
            var raw = Load(file);
            return Math.Min(Untouched, _psnr.Measure(raw, Enhance(state, raw)));
        });
    }

    // As training pictures are read: 8 bits, gray or RGB, alpha left out.
    private static ImageBuffer Load(string file)
    {
        var picture = ImageFile.Load(file);
        return picture.Model == ColourModel.Cmyk
            ? throw new InvalidFileException(file, "is CMYK; validation pictures must be gray or RGB")
            : PixelConversion.ToEightBitColour(picture);
    }

    private static ImageBuffer Enhance(TrainingState state, ImageBuffer compressed)
    {
        using var model = NetworkModel.Of(state.Parts.Entry.Name, state.Network, state.Compute.Device);
        using var input = PlanePixels.Read(compressed);
        var known = new ModelInput { Picture = input, Jpeg = FileCoefficients.For(model.Facts, compressed)?.Of(PixelArea.Of(compressed)) };
        using var output = ColourPass.Run(model, input, known);
        var result = new ImageBuffer(compressed.Width, compressed.Height, compressed.Model);
        PlanePixels.Write(output, (0, 0), result, PixelArea.Of(result), 0);
        return result;
    }
}

/// <summary>Mean PSNR (RGB, dB) of the validation pictures at one setting of the codec, before and after enhancement.</summary>
/// <param name="Scale">What the codec calls its settings: QF, QP, quality.</param>
/// <param name="DegradationIndex">Percent, of the mean PSNR over the cycles of the recipe; null where there is one cycle.</param>
public sealed record ValidationFigure(string Scale, int Quality, double Compressed, double Enhanced, double? DegradationIndex);

/// <summary>What one validation has found.</summary>
/// <param name="Originals">Mean PSNR of f(y) against y, an untouched picture counted as 100 dB; null where there is one cycle.</param>
public sealed record ValidationFigures(IReadOnlyList<ValidationFigure> Settings, double? Originals);
