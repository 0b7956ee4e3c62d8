using System.Globalization;
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
/// Average precision and recall of a detector, in percent: against annotations where a set has them, and against what it sees in the originals. A
/// trace is what it saw in a picture, JSON.
/// </summary>
internal sealed class DetectorMeasure : ISetMeasure
{
    private const double Percent = 100;

    /// <summary>Those in the tables of all metrics; the others stand in tables of their own.</summary>
    private static readonly string[] Main = ["map", "map50", "voc"];

    private readonly DetectorUnderTest _section;
    private readonly IReadOnlyDictionary<string, BoxAnnotations> _annotations;
    private readonly DetectorClasses _classes;
    private readonly Detector _detector;
    private readonly Dictionary<string, DetectionFigure> _figures;
    private readonly LastOf<DetectionScores> _scores;

    /// <param name="annotations">By set.</param>
    private DetectorMeasure(DetectorUnderTest section, IReadOnlyDictionary<string, BoxAnnotations> annotations, DetectorClasses classes, Detector detector)
    {
        (_section, _annotations, _classes, _detector) = (section, annotations, classes, detector);
        IEnumerable<DetectionFigure> figures =
        [
            .. annotations.Count > 0 ? DetectionFigure.All : [],
            .. section.PerClass ? DetectionFigure.OfClasses(annotations.Values) : [],
        ];
        _figures = figures.ToDictionary(figure => $"{section.Name}-{figure.Name}");
        Columns = [.. _figures.Select(one => Column(one.Key, one.Value)), Agreement()];
        _scores = new LastOf<DetectionScores>(Judge);
    }

    public string Kind => $"detector-{_section.Name}";

    public string Extension => ".json";

    public IReadOnlyList<SetColumn> Columns { get; }

    /// <exception cref="InvalidFileException">The model, a list of classes or an annotation is missing or damaged.</exception>
    /// <exception cref="MissingToolException">There is no OpenCV.</exception>
    public static DetectorMeasure Open(DetectorUnderTest section, IEnumerable<AnnotationSection> annotations)
    {
        var read = annotations.Where(one => one.Boxes is not null).ToDictionary(one => one.Set, one => BoxAnnotations.Read(one.Boxes!));
        var classes = new DetectorClasses(section.Name, section.Classes);
        foreach (var set in read.Values)
            classes.Check(set);
        return new DetectorMeasure(section, read, classes, new Detector(OnnxModel.Open(section.Model), section.Reading));
    }

    public byte[] Trace(ImageBuffer image) => JsonSerializer.SerializeToUtf8Bytes(
        _detector.Detect(image).Select(one => new[] { one.Class, one.Score, one.Box.Left, one.Box.Top, one.Box.Right, one.Box.Bottom }));

    public string? Lacks(string column, string set, string picture) =>
        _figures.ContainsKey(column) ? _annotations[set].Lacks(Path.GetFileName(picture)) : null;

    public double? Measure(string column, IReadOnlyList<TracedPicture> pictures)
    {
        if (!_figures.TryGetValue(column, out var figure))
        {
            return Percent * (new CocoScore([.. pictures.Select(WithOriginal)]).Precision() ?? throw new IncomparableException(
                string.Create(CultureInfo.InvariantCulture, $"{_section.Name} sees nothing in the originals with a score of {_section.Sure} or more; set 'sure' lower")));
        }

        double? value = Percent * figure.Of(_scores.Of(pictures));
        return value is null && Main.Contains(figure.Name)
            ? throw new IncomparableException($"{_annotations[pictures[0].Set].Path} has nothing to find in these pictures")
            : value;
    }

    public void Dispose() => _detector.Dispose();

    private DetectionScores Judge(IReadOnlyList<TracedPicture> pictures)
    {
        var set = _annotations[pictures[0].Set];
        List<Findings> findings = [.. pictures.Select(picture => WithAnnotation(picture, set))];
        return new DetectionScores(new CocoScore(findings), new VocScore(findings), set);
    }

    /// <summary>No more of a class than COCO's rules look at, so that a picture agrees with itself.</summary>
    private Findings WithOriginal(TracedPicture picture)
    {
        var sure = Read(picture.Raw).Where(one => one.Score >= _section.Sure).GroupBy(one => one.Class).SelectMany(group => group.Take(CocoScore.Most));
        return new Findings([.. sure.Select(one => new TrueBox(one.Class, one.Box))], Read(picture.Image));
    }

    private Findings WithAnnotation(TracedPicture picture, BoxAnnotations set) => new(
        set.Pictures[Path.GetFileName(picture.Name)],
        [.. Read(picture.Image).Select(one => one with { Class = _classes.Place(one.Class, set) }).Where(one => one.Class >= 0)]);

    private static List<Detection> Read(string file) =>
        [.. JsonSerializer.Deserialize<double[][]>(File.ReadAllBytes(file))!.Select(one => new Detection((int)one[0], one[1], new Box(one[2], one[3], one[4], one[5])))];

    private SetColumn Column(string column, DetectionFigure figure) => new(
        new MetricFacts(column, figure.Summary, Higher: true, Unit: "", Decimals: 1, $"percent; {figure.Contract}")
        {
            Table = figure.Name.Contains('/', StringComparison.Ordinal) ? $"{_section.Name} by class" : $"All figures of {_section.Name}",
            Row = figure.Name[(figure.Name.IndexOf('/', StringComparison.Ordinal) + 1)..],
            Aside = !Main.Contains(figure.Name),
        },
        _ => true,
        set => _annotations.TryGetValue(set, out var annotation) && figure.Applies(annotation));

    private SetColumn Agreement() => new(
        new MetricFacts(
            $"{_section.Name}-agreement", "COCO's mean average precision, with what is seen in the originals for truth", Higher: true, Unit: "", Decimals: 1,
            string.Create(CultureInfo.InvariantCulture, $"percent; originals' detections with a score of {_section.Sure} or more")),
        enhancer => enhancer != Figure.Raw);
}
