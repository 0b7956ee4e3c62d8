using System.Text.Json;
using Unpress.Imaging;
using Unpress.Lab.Recipes;
using Unpress.Lab.Results;
using Unpress.Metrics;
using Unpress.Vision;
using Unpress.Vision.Annotations;
using Unpress.Vision.Scores;

namespace Unpress.Lab.Experiments;

/// <summary>
/// Average precision of a detector, in percent: against annotations where a set has them, and against what it sees in the originals. A trace is
/// what it saw in a picture, JSON.
/// </summary>
/// <param name="annotations">By set.</param>
/// <param name="classes">The detector's own names of its classes; null where they are those of the annotation, in their order.</param>
internal sealed class DetectorMeasure(
    string name, double sure, Detector detector, IReadOnlyDictionary<string, BoxAnnotations> annotations, IReadOnlyList<string>? classes) : ISetMeasure
{
    private const double Percent = 100;

    public string Kind => $"detector-{name}";

    public string Extension => ".json";

    public IReadOnlyList<SetColumn> Columns { get; } =
    [
        .. annotations.Count == 0 ? [] : new[]
        {
            Column($"{name}-map", "COCO's mean average precision (overlaps 0.50 to 0.95)", "101 recalls, 100 detections of a class", annotations.ContainsKey),
            Column($"{name}-map50", "COCO's average precision at an overlap of 0.5", "101 recalls, 100 detections of a class", annotations.ContainsKey),
            Column($"{name}-map75", "COCO's average precision at an overlap of 0.75", "101 recalls, 100 detections of a class", annotations.ContainsKey),
            Column($"{name}-voc", "VOC's mean average precision (overlap 0.5)", "the whole area under the curve, as since 2010", annotations.ContainsKey),
            Column($"{name}-voc07", "VOC's mean average precision until 2009 (overlap 0.5)", "precision at the recalls 0, 0.1, …, 1", annotations.ContainsKey),
        },
        Column($"{name}-agreement", "COCO's mean average precision, with what is seen in the originals for truth",
            string.Create(System.Globalization.CultureInfo.InvariantCulture, $"originals' detections with a score of {sure} or more"), null) with { Applies = enhancer => enhancer != Figure.Raw },
    ];

    /// <exception cref="InvalidFileException">The model, a list of classes or an annotation is missing or damaged.</exception>
    /// <exception cref="MissingToolException">There is no OpenCV.</exception>
    public static DetectorMeasure Open(DetectorUnderTest section, IEnumerable<AnnotationSection> annotations)
    {
        var read = annotations.Where(one => one.Boxes is not null).ToDictionary(one => one.Set, one => BoxAnnotations.Read(one.Boxes!));
        var classes = section.Classes is null ? null : ClassNames.Read(section.Classes);
        return new DetectorMeasure(section.Name, section.Sure, new Detector(OnnxModel.Open(section.Model), section.Reading), read, classes);
    }

    public byte[] Trace(ImageBuffer image) => JsonSerializer.SerializeToUtf8Bytes(
        detector.Detect(image).Select(one => new[] { one.Class, one.Score, one.Box.Left, one.Box.Top, one.Box.Right, one.Box.Bottom }));

    public string? Lacks(string column, string set, string picture) =>
        IsAgreement(column) || annotations[set].Pictures.ContainsKey(Path.GetFileName(picture)) ? null : "is not in the annotations";

    public double Measure(string column, IReadOnlyList<TracedPicture> pictures)
    {
        List<Findings> findings = [.. pictures.Select(picture => IsAgreement(column) ? WithOriginal(picture) : WithAnnotation(picture))];
        double? value = column[(name.Length + 1)..] switch
        {
            "map50" => AveragePrecision.CocoAt(findings, 0.5),
            "map75" => AveragePrecision.CocoAt(findings, 0.75),
            "voc07" => AveragePrecision.Voc2007(findings),
            "voc" => AveragePrecision.Voc(findings),
            _ => AveragePrecision.Coco(findings),
        };
        return Percent * (value ?? throw new IncomparableException(IsAgreement(column)
            ? "nothing is seen in the originals with enough certainty"
            : "the annotations of these pictures have nothing to find"));
    }

    public void Dispose() => detector.Dispose();

    private bool IsAgreement(string column) => column == Columns[^1].Name;

    private Findings WithOriginal(TracedPicture picture) =>
        new([.. Read(picture.Raw).Where(one => one.Score >= sure).Select(one => new TrueBox(one.Class, one.Box))], Read(picture.Image));

    private Findings WithAnnotation(TracedPicture picture)
    {
        var set = annotations[picture.Set];
        var truth = set.Pictures[Path.GetFileName(picture.Name)];
        return new Findings(truth, [.. Read(picture.Image).Select(one => one with { Class = Known(one.Class, set) }).Where(one => one.Class >= 0)]);
    }

    /// <summary>The detector's class in the numbering of the annotation; −1 where that has no such class.</summary>
    private int Known(int own, BoxAnnotations set) =>
        classes is null ? (own < set.Classes.Count ? own : -1)
        : own < classes.Count ? set.Classes.ToList().IndexOf(classes[own]) : -1;

    private static List<Detection> Read(string file) =>
        [.. JsonSerializer.Deserialize<double[][]>(File.ReadAllBytes(file))!.Select(one => new Detection((int)one[0], one[1], new Box(one[2], one[3], one[4], one[5])))];

    private static SetColumn Column(string name, string summary, string contract, Func<string, bool>? sets) =>
        new(new MetricFacts(name, summary, Higher: true, Unit: "", Decimals: 1, $"percent; {contract}"), _ => true, sets);
}
