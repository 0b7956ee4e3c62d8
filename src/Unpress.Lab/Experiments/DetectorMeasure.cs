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
    private readonly LastResult<DetectionScores> _scores;

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
        _scores = new LastResult<DetectionScores>(Judge);
    }

    public string Kind => $"detector-{_section.Name}";

    public string Extension => ".json";

    public IReadOnlyList<SetColumn> Columns { get; }

    /// <exception cref="InvalidFileException">The model, a list of classes or an annotation is missing or damaged.</exception>
    /// <exception cref="MissingToolException">There is no ONNX Runtime.</exception>
    public static DetectorMeasure Open(DetectorUnderTest section, IEnumerable<AnnotationSection> annotations)
    {
        var read = annotations.Where(one => one.Boxes is not null).ToDictionary(one => one.Set, one => BoxAnnotations.Read(one.Boxes!));
        var classes = new DetectorClasses(section.Name, section.Classes);
        foreach (var set in read.Values)
            classes.Check(set);
        return new DetectorMeasure(section, read, classes, new Detector(VisionModel.Open(section.Model), section.Reading));
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
                string.Create(CultureInfo.InvariantCulture,
                    $"{_section.Name} sees nothing in the originals with a score of {_section.Sure} or more; set 'sure' lower")));
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
        [.. JsonSerializer.Deserialize<double[][]>(File.ReadAllBytes(file))!
            .Select(one => new Detection((int)one[0], one[1], new Box(one[2], one[3], one[4], one[5])))];

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

/// <summary>A detector's classes in the numbering of annotations.</summary>
/// <param name="file">The names of its classes, one a line; null where they are those of the annotation, in their order.</param>
internal sealed class DetectorClasses(string detector, string? file)
{
    private readonly IReadOnlyList<string>? _names = file is null ? null : ClassNames.Read(file);

    /// <exception cref="InvalidFileException">The list has not one class of the annotation.</exception>
    public void Check(BoxAnnotations set)
    {
        if (_names?.Intersect(set.Classes).Any() == false)
            throw new InvalidFileException(
                file!, $"has none of the classes of {set.Path}: {string.Join(", ", set.Classes.Take(3))}{(set.Classes.Count > 3 ? ", …" : "")}");
    }

    /// <returns>Place in the annotation's list; −1 where that has no such class.</returns>
    /// <exception cref="InvalidFileException">Nobody says what the class is.</exception>
    public int Place(int own, BoxAnnotations set)
    {
        if (own < (_names ?? set.Classes).Count)
            return _names is null ? own : set.Place(_names[own]);
        throw _names is null
            ? new InvalidFileException(set.Path, $"has {set.Classes.Count} classes, and {detector} sees its class number {own + 1}; give {detector} its 'classes', a file with a name a line")
            : new InvalidFileException(file!, $"has too few names ({_names.Count}): {detector} sees its class number {own + 1}; one a line for each");
    }
}

/// <summary>A figure of a detector in sets with annotations.</summary>
/// <param name="Name">In columns, behind the detector's; what is of a class has a slash and the class.</param>
/// <param name="Of">0..1; null where there is nothing to find.</param>
/// <param name="Applies">To which sets.</param>
internal sealed record DetectionFigure(
    string Name, string Summary, string Contract, Func<DetectionScores, double?> Of, Func<BoxAnnotations, bool> Applies)
{
    private const string CocoPrecision = "101 recalls, 100 detections of a class", VocArea = "the whole area under the curve, as since 2010";

    /// <summary>COCO's twelve in its own order, then VOC's two.</summary>
    public static IReadOnlyList<DetectionFigure> All { get; } =
    [
        new("map", "COCO's mean average precision (overlaps 0.50 to 0.95)", CocoPrecision, one => one.Coco.Precision()),
        new("map50", "COCO's average precision at an overlap of 0.5", CocoPrecision, one => one.Coco.Precision(overlap: 0.5)),
        new("map75", "COCO's average precision at an overlap of 0.75", CocoPrecision, one => one.Coco.Precision(overlap: 0.75)),
        .. Sizes.Select(size => new DetectionFigure(
            $"map-{size.Name}", $"COCO's mean average precision of {size.Words}", CocoPrecision, one => one.Coco.Precision(size.Size))),
        .. new[] { 1, 10, CocoScore.Most }.Select(most => new DetectionFigure(
            $"ar{most}", "COCO's mean average recall (overlaps 0.50 to 0.95)", $"the surest {most} of a class in a picture", one => one.Coco.Recall(most))),
        .. Sizes.Select(size => new DetectionFigure(
            $"ar-{size.Name}", $"COCO's mean average recall of {size.Words}", "the surest 100 of a class in a picture", one =>
                one.Coco.Recall(size: size.Size))),
        new("voc", "VOC's mean average precision (overlap 0.5)", VocArea, one => one.Voc.Precision()),
        new("voc07", "VOC's mean average precision until 2009 (overlap 0.5)", "precision at the recalls 0, 0.1, …, 1", one => one.Voc.Precision2007()),
    ];

    private static IEnumerable<(string Name, CocoSize Size, string Words)> Sizes =>
    [
        ("small", CocoSize.Small, "things up to 32² pixels"),
        ("medium", CocoSize.Medium, "things of 32² to 96² pixels"),
        ("large", CocoSize.Large, "things of 96² pixels and more"),
    ];

    private DetectionFigure(string name, string summary, string contract, Func<DetectionScores, double?> of)
        : this(name, summary, contract, of, _ => true)
    {
    }

    /// <summary>Average precision of each class: COCO's in sets with COCO's annotations, VOC's in those with VOC's.</summary>
    public static IEnumerable<DetectionFigure> OfClasses(IEnumerable<BoxAnnotations> sets) =>
        from form in sets.GroupBy(set => set.Voc)
        from kind in form.SelectMany(set => set.Classes).Distinct()
        select form.Key
            ? new DetectionFigure($"voc/{kind}", "VOC's average precision of a class (overlap 0.5)", VocArea,
                one => one.Voc.Precision(one.Set.Place(kind)), Has(kind, voc: true))
            : new DetectionFigure($"map/{kind}", "COCO's average precision of a class (overlaps 0.50 to 0.95)", CocoPrecision,
                one => one.Coco.Precision(ofClass: one.Set.Place(kind)), Has(kind, voc: false));

    private static Func<BoxAnnotations, bool> Has(string kind, bool voc) => set => set.Voc == voc && set.Place(kind) >= 0;
}

/// <summary>What a detector found in the pictures of a set, judged.</summary>
internal sealed record DetectionScores(CocoScore Coco, VocScore Voc, BoxAnnotations Set);
