using Unpress.Imaging;
using Unpress.Recipes;

namespace Unpress.Vision;

/// <summary>Finds things in pictures by a network of others.</summary>
public sealed class Detector(VisionModel model, DetectorOptions options) : IDisposable
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

/// <summary>How a detector is asked and its answer read.</summary>
public sealed record DetectorOptions : IHasFaults
{
    public required DetectorLayout Layout { get; init; }

    public VisionInput Input { get; init; } = new();

    /// <summary>For the layout "boxes": the names of the outputs with boxes, scores and classes.</summary>
    public IReadOnlyList<string> Outputs { get; init; } = ["boxes", "scores", "labels"];

    /// <summary>What the detector's first class is called in its answers: 1 where 0 is the background.</summary>
    public int FirstClass { get; init; }

    /// <summary>Fainter ones are left out. Mean average precision wants nearly all.</summary>
    public double Confidence { get; init; } = 0.001;

    /// <summary>Of two boxes of one class that overlap more than this, the fainter is left out; where the layout leaves that to us.</summary>
    public double Overlap { get; init; } = 0.65;

    /// <summary>Detections of a picture at most, the surest.</summary>
    public int Most { get; init; } = 300;

    public IEnumerable<string> Faults()
    {
        if (Outputs.Count != 3)
            yield return "outputs must name three: boxes, scores, classes";
        foreach (var (key, value) in new[] { ("confidence", Confidence), ("overlap", Overlap) })
        {
            if (!(value is >= 0 and <= 1))
                yield return $"{key} is {value}, must be 0 to 1";
        }

        if (Most < 1)
            yield return $"most is {Most}, must be 1 or more";
    }
}

/// <summary>What the outputs of a detector mean. N boxes, C classes; boxes in pixels of its input; a leading 1 of the batch may be there or not.</summary>
public enum DetectorLayout
{
    /// <summary>
    /// One output N×(5+C): centre x and y, width, height, objectness, class scores; the score is the product. Overlapping boxes are left to
    /// us.
    /// </summary>
    YoloV5,

    /// <summary>One output (4+C)×N: centre x and y, width, height, class scores. Overlapping boxes are left to us.</summary>
    YoloV8,

    /// <summary>One output N×6: left, top, right, bottom, score, class. Overlapping boxes are gone already.</summary>
    Rows,

    /// <summary>Three outputs: N×4 of left, top, right, bottom; N scores; N classes. Overlapping boxes are gone already.</summary>
    Boxes,
}
