using Unpress.Imaging;

namespace Unpress.Vision;

/// <summary>Finds things in pictures by a network of others.</summary>
public sealed class Detector(OnnxModel model, DetectorOptions options) : IDisposable
{
    /// <summary>The surest first, in the picture's own pixels.</summary>
    /// <param name="image">Gray or RGB.</param>
    /// <exception cref="InvalidFileException">The model cannot be run on it, or its outputs are not of the layout that the options say.</exception>
    public IReadOnlyList<Detection> Detect(ImageBuffer image)
    {
        var input = InputPicture.Of(image, options.Input);
        var found = Read(model.Run(input.Values, 3, input.Height, input.Width)).OrderByDescending(one => one.Score).ToList();
        var kept = options.Layout is DetectorLayout.YoloV5 or DetectorLayout.YoloV8 ? WithoutDoubles(found) : found;
        return [.. kept.Take(options.Most).Select(one => one with { Box = input.Back(one.Box) })];
    }

    public void Dispose() => model.Dispose();

    private List<Detection> Read(IReadOnlyList<ModelOutput> outputs)
    {
        try
        {
            return [.. DetectionDecoder.Read(outputs, options)];
        }
        catch (InvalidDataException error)
        {
            throw new InvalidFileException(model.Path, $"does not answer in the layout {options.Layout.ToString().ToLowerInvariant()}: {error.Message}", error);
        }
    }

    /// <summary>Non-maximum suppression within each class.</summary>
    private List<Detection> WithoutDoubles(List<Detection> surestFirst)
    {
        var kept = new List<Detection>();
        foreach (var one in surestFirst)
        {
            if (kept.Count == options.Most)
                break;
            if (!kept.Exists(other => other.Class == one.Class && other.Box.Overlap(one.Box) > options.Overlap))
                kept.Add(one);
        }

        return kept;
    }
}
