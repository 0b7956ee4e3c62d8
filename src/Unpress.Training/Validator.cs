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
    public IReadOnlyList<ValidationFigure> Measure(TrainingState state, SampleFolder samples, CancellationToken cancellation)
    {
        state.Average?.Swap();
        state.Network.Eval();
        try
        {
            return [.. _section.Qualities.Select(quality => Measure(state, quality, samples, cancellation))];
        }
        finally
        {
            state.Train();
            state.Average?.Swap();
        }
    }

    private ValidationFigure Measure(TrainingState state, int quality, SampleFolder samples, CancellationToken cancellation)
    {
        double before = 0, after = 0;
        string scale = _codec.QualityName.Split(' ')[0];
        foreach (string file in _files)
        {
            cancellation.ThrowIfCancellationRequested();
            var raw = Load(file);
            var compressed = Restoration.Compress(raw, _codec, new CodecSettings(quality, _codec.Subsamplings[0]), cancellation);
            before += _psnr.Measure(raw, compressed.Image);
            var enhanced = compressed.Enhanced(picture => Enhance(state, picture)).Image;
            after += _psnr.Measure(raw, enhanced);
            if (file == _files[0])
                samples.Keep(state.Step, FormattableString.Invariant($"{scale.ToLowerInvariant()}{quality}"), raw, compressed.Image, enhanced);
        }

        return new ValidationFigure(scale, quality, before / _files.Count, after / _files.Count);
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
public sealed record ValidationFigure(string Scale, int Quality, double Compressed, double Enhanced);
