using Unpress.Imaging;
using Unpress.Imaging.Formats;
using Unpress.Lab.Recipes;
using Unpress.Lab.Results;
using Unpress.Metrics;
using Unpress.Vision;
using Unpress.Vision.Annotations;
using Unpress.Vision.Scores;

namespace Unpress.Lab.Experiments;

/// <summary>
/// Mean intersection over union of a segmenter, in percent: against masks where a set has them, and against what it says of the originals. A
/// trace is a picture's classes, a gray PNG.
/// </summary>
internal sealed class SegmenterMeasure : ISetMeasure
{
    private const double Percent = 100;

    private readonly string _name;
    private readonly IReadOnlyDictionary<string, IMasks> _masks;
    private readonly Segmenter _segmenter;
    private readonly Dictionary<string, int> _classes;
    private readonly LastResult<ConfusionCount> _count;

    /// <param name="masks">By set.</param>
    /// <param name="classes">Names of those that get columns.</param>
    private SegmenterMeasure(string name, Segmenter segmenter, IReadOnlyDictionary<string, IMasks> masks, IEnumerable<string> classes)
    {
        (_name, _segmenter, _masks) = (name, segmenter, masks);
        _classes = classes.Select((one, place) => (Name: one, place)).DistinctBy(one => one.Name).ToDictionary();
        _count = new LastResult<ConfusionCount>(Count);
        Columns =
        [
            .. masks.Count == 0 ? [] : new[] { new SetColumn(
                Facts("miou", "Mean intersection over union", "over the classes in masks or answers; 255 does not count"), _ => true, masks.ContainsKey) },
            new(Facts("agreement", "Mean intersection over union, with what is said of the originals for truth",
                "over the classes in both"), enhancer => enhancer != Figure.Raw),
            .. _classes.Select(one => new SetColumn(
                Facts($"iou/{one.Key}", "Intersection over union of a class", "255 does not count") with { Table = $"{name} by class",
                    Row = one.Key, Aside = true },
                _ => true,
                masks.ContainsKey)),
        ];
    }

    public string Kind => $"segmenter-{_name}";

    public string Extension => ".png";

    public IReadOnlyList<SetColumn> Columns { get; }

    /// <inheritdoc cref="DetectorMeasure.Open" path="/exception"/>
    public static SegmenterMeasure Open(SegmenterUnderTest section, IEnumerable<AnnotationSection> annotations)
    {
        var classes = section.Classes is null ? null : ClassNames.Read(section.Classes);
        var masks = annotations.Where(one => one.Masks is not null).ToDictionary(one => one.Set, one => Masks(one.Masks!, classes));
        var segmenter = new Segmenter(VisionModel.Open(section.Model), section.Input, section.Output, classes?.Count);
        return new SegmenterMeasure(section.Name, segmenter, masks, section.PerClass && masks.Count > 0 ? classes! : []);
    }

    public byte[] Trace(ImageBuffer image) => ImageFile.Encode(_segmenter.Segment(image), new SaveOptions { Format = ImageFormat.Png });

    public string? Lacks(string column, string set, string picture) =>
        IsAgreement(column) ? null : _masks[set].Lacks(Path.GetFileName(picture));

    public double? Measure(string column, IReadOnlyList<TracedPicture> pictures)
    {
        if (column.StartsWith($"{_name}-iou/", StringComparison.Ordinal))
            return Percent * _count.Of(pictures).IntersectionOverUnion(_classes[column[$"{_name}-iou/".Length..]]);
        var count = IsAgreement(column) ? Count(pictures, picture => ImageFile.Load(picture.Raw)) : _count.Of(pictures);
        return Percent * (count.MeanIntersectionOverUnion ?? throw new IncomparableException("the masks of these pictures have nothing that counts"));
    }

    public void Dispose() => _segmenter.Dispose();

    private bool IsAgreement(string column) => column == $"{_name}-agreement";

    private ConfusionCount Count(IReadOnlyList<TracedPicture> pictures) =>
        Count(pictures, picture => _masks[picture.Set].Of(Path.GetFileName(picture.Name)));

    private static ConfusionCount Count(IReadOnlyList<TracedPicture> pictures, Func<TracedPicture, ImageBuffer> truth)
    {
        var count = new ConfusionCount();
        foreach (var picture in pictures)
        {
            try
            {
                count.Add(truth(picture), ImageFile.Load(picture.Image));
            }
            catch (IncomparableException error)
            {
                throw new IncomparableException($"{picture.Name}: {error.Message}");
            }
        }

        return count;
    }

    private MetricFacts Facts(string figure, string summary, string contract) =>
        new($"{_name}-{figure}", summary, Higher: true, Unit: "", Decimals: 1, $"percent; {contract}");

    private static IMasks Masks(string path, IReadOnlyList<string>? classes) =>
        File.Exists(path) ? CocoMasks.Read(path, classes)
        : Directory.Exists(path) ? new VocMasks(path)
        : throw new InvalidFileException(path, "no such file or folder; it should have the masks of a set");
}
