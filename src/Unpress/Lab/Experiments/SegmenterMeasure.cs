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
/// <param name="masks">By set.</param>
internal sealed class SegmenterMeasure(string name, Segmenter segmenter, IReadOnlyDictionary<string, IMasks> masks) : ISetMeasure
{
    private const double Percent = 100;

    public string Kind => $"segmenter-{name}";

    public string Extension => ".png";

    public IReadOnlyList<SetColumn> Columns { get; } =
    [
        .. masks.Count == 0 ? [] : new[]
        {
            new SetColumn(
                new MetricFacts($"{name}-miou", "Mean intersection over union", true, "", 1, "percent; over the classes in masks or answers; 255 does not count"),
                _ => true,
                masks.ContainsKey),
        },
        new(new MetricFacts($"{name}-agreement", "Mean intersection over union, with what is said of the originals for truth", true, "", 1, "percent"), enhancer => enhancer != Figure.Raw),
    ];

    /// <inheritdoc cref="DetectorMeasure.Open" path="/exception"/>
    public static SegmenterMeasure Open(SegmenterUnderTest section, IEnumerable<AnnotationSection> annotations)
    {
        var classes = section.Classes is null ? null : ClassNames.Read(section.Classes);
        var masks = annotations.Where(one => one.Masks is not null).ToDictionary(one => one.Set, one => Masks(one.Masks!, classes));
        return new SegmenterMeasure(section.Name, new Segmenter(OnnxModel.Open(section.Model), section.Input, section.Output), masks);
    }

    public byte[] Trace(ImageBuffer image) => ImageFile.Encode(segmenter.Segment(image), new SaveOptions { Format = ImageFormat.Png });

    public string? Lacks(string column, string set, string picture) =>
        IsAgreement(column) ? null : masks[set].Lacks(Path.GetFileName(picture));

    public double Measure(string column, IReadOnlyList<TracedPicture> pictures)
    {
        var count = new ConfusionCount();
        foreach (var picture in pictures)
        {
            var truth = IsAgreement(column) ? ImageFile.Load(picture.Raw) : masks[picture.Set].Of(Path.GetFileName(picture.Name));
            count.Add(truth, ImageFile.Load(picture.Image));
        }

        return Percent * (count.MeanIntersectionOverUnion ?? throw new IncomparableException("the masks of these pictures have nothing that counts"));
    }

    public void Dispose() => segmenter.Dispose();

    private bool IsAgreement(string column) => column == Columns[^1].Name;

    private static IMasks Masks(string path, IReadOnlyList<string>? classes) =>
        File.Exists(path) ? CocoMasks.Read(path, classes)
        : Directory.Exists(path) ? new VocMasks(path)
        : throw new InvalidFileException(path, "no such file or folder; it should have the masks of a set");
}
