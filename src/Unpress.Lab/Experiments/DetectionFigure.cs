using Unpress.Vision.Annotations;
using Unpress.Vision.Scores;

namespace Unpress.Lab.Experiments;

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
            $"ar-{size.Name}", $"COCO's mean average recall of {size.Words}", "the surest 100 of a class in a picture", one => one.Coco.Recall(size: size.Size))),
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
            ? new DetectionFigure($"voc/{kind}", "VOC's average precision of a class (overlap 0.5)", VocArea, one => one.Voc.Precision(one.Set.Place(kind)), Has(kind, voc: true))
            : new DetectionFigure($"map/{kind}", "COCO's average precision of a class (overlaps 0.50 to 0.95)", CocoPrecision, one => one.Coco.Precision(ofClass: one.Set.Place(kind)), Has(kind, voc: false));

    private static Func<BoxAnnotations, bool> Has(string kind, bool voc) => set => set.Voc == voc && set.Place(kind) >= 0;
}
