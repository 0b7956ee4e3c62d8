using System.Globalization;

namespace Unpress.Vision;

/// <summary>The outputs of a detector as detections in pixels of its input, those too faint left out.</summary>
internal static class DetectionDecoder
{
    /// <summary>Scores are probabilities; some are computed a little inexactly.</summary>
    private const double HighestScore = 1.001;

    /// <exception cref="InvalidDataException">The outputs are not of this layout.</exception>
    public static IEnumerable<Detection> Read(IReadOnlyList<ModelOutput> outputs, DetectorOptions options)
    {
        var detections = options.Layout switch
        {
            DetectorLayout.YoloV5 => Rows(Single(outputs), options, objectness: true),
            DetectorLayout.YoloV8 => Rows(Turned(Single(outputs)), options, objectness: false),
            DetectorLayout.Rows => Final(Single(outputs)),
            _ => Triple(outputs, options.Outputs),
        };
        // Classes in columns have no numbers of their own: the first column is the first class.
        int first = options.Layout is DetectorLayout.YoloV5 or DetectorLayout.YoloV8 ? 0 : options.FirstClass;
        return detections
            .Where(one => one.Score >= options.Confidence && one.Class >= first)
            .Select(one => one.Score <= HighestScore
                ? one with { Class = one.Class - first }
                : throw new InvalidDataException($"a score of {one.Score.ToString("G4", CultureInfo.InvariantCulture)} in {List(outputs)}; a wrong layout, or a wrong mean or deviation of the input"));
    }

    private static ModelOutput Single(IReadOnlyList<ModelOutput> outputs) =>
        outputs.Count == 1 ? outputs[0] : throw new InvalidDataException($"it has one output, not {List(outputs)}");

    /// <summary>Columns as rows.</summary>
    private static ModelOutput Turned(ModelOutput output)
    {
        if (output.Core(2) is not [> 4 and var height, var width])
            throw new InvalidDataException($"expected (4+C)×N, got {output}");
        var values = new float[output.Values.Length];
        for (int y = 0; y < height; y++)
        {
            for (int x = 0; x < width; x++)
                values[(x * height) + y] = output.Values[(y * width) + x];
        }

        return new ModelOutput(output.Name, [width, height], values);
    }

    /// <summary>One detection for each box: its likeliest class.</summary>
    private static List<Detection> Rows(ModelOutput output, DetectorOptions options, bool objectness)
    {
        int head = objectness ? 5 : 4;
        if (output.Core(2) is not [var count, var width] || width <= head)
            throw new InvalidDataException($"expected {(objectness ? "N×(5+C)" : "(4+C)×N")}, got {output}");
        var detections = new List<Detection>();
        for (int i = 0; i < count; i++)
        {
            var row = output.Values.AsSpan(i * width, width);
            var classes = row[head..];
            int best = 0;
            for (int k = 1; k < classes.Length; k++)
                best = classes[k] > classes[best] ? k : best;
            double score = classes[best] * (objectness ? row[4] : 1.0);
            if (score >= options.Confidence)
                detections.Add(new Detection(best, score, new Box(row[0] - (row[2] / 2), row[1] - (row[3] / 2), row[0] + (row[2] / 2), row[1] + (row[3] / 2))));
        }

        return detections;
    }

    private static List<Detection> Final(ModelOutput output)
    {
        if (output.Core(2) is not [var count, 6])
            throw new InvalidDataException($"expected N×6, got {output}");
        return [.. Enumerable.Range(0, count).Select(i => Corners(output.Values.AsSpan(i * 6, 4), output.Values[(i * 6) + 4], output.Values[(i * 6) + 5]))];
    }

    private static List<Detection> Triple(IReadOnlyList<ModelOutput> outputs, IReadOnlyList<string> names)
    {
        ModelOutput Find(string name) => outputs.FirstOrDefault(output => output.Name == name)
            ?? throw new InvalidDataException($"there is no output '{name}', only {List(outputs)}; name them in the recipe: outputs: [boxes, scores, classes]");
        var (boxes, scores, classes) = (Find(names[0]), Find(names[1]), Find(names[2]));
        int count = scores.Values.Length;
        if (boxes.Values.Length != 4 * count || classes.Values.Length != count)
            throw new InvalidDataException($"expected N×4, N and N, got {boxes}, {scores}, {classes}");
        return [.. Enumerable.Range(0, count).Select(i => Corners(boxes.Values.AsSpan(i * 4, 4), scores.Values[i], classes.Values[i]))];
    }

    private static Detection Corners(ReadOnlySpan<float> box, float score, float label) =>
        new((int)MathF.Round(label), score, new Box(box[0], box[1], box[2], box[3]));

    private static string List(IReadOnlyList<ModelOutput> outputs) => string.Join(", ", outputs);
}

/// <summary>What a detector says it sees.</summary>
/// <param name="Class">As the detector counts, from 0.</param>
/// <param name="Score">0..1.</param>
public readonly record struct Detection(int Class, double Score, Box Box);

/// <summary>A rectangle in pixels, edges between pixels: the whole of a picture is (0, 0, width, height).</summary>
public readonly record struct Box(double Left, double Top, double Right, double Bottom)
{
    public double Area => Math.Max(0, Right - Left) * Math.Max(0, Bottom - Top);

    public double Intersection(Box other) =>
        new Box(Math.Max(Left, other.Left), Math.Max(Top, other.Top), Math.Min(Right, other.Right), Math.Min(Bottom, other.Bottom)).Area;

    /// <summary>Intersection over union, 0..1; 0 where both are empty.</summary>
    public double Overlap(Box other)
    {
        double both = Intersection(other), either = Area + other.Area - both;
        return either > 0 ? both / either : 0;
    }
}

/// <summary>An output of a pass.</summary>
/// <param name="Name">As in the file.</param>
/// <param name="Shape">Sizes, slowest first.</param>
/// <param name="Values">As many as the product of the sizes.</param>
public sealed record ModelOutput(string Name, IReadOnlyList<int> Shape, float[] Values)
{
    /// <summary>The sizes without leading ones, such as that of the batch, down to as many as wanted; "1×84×8400" is 84×8400 of two.</summary>
    public IReadOnlyList<int> Core(int dimensions)
    {
        int first = 0;
        while (Shape.Count - first > dimensions && Shape[first] == 1)
            first++;
        return [.. Shape.Skip(first)];
    }

    /// <summary>Name and sizes for messages.</summary>
    public override string ToString() => $"{Name} [{string.Join(", ", Shape)}]";
}
