namespace Unpress.Vision.Scores;

/// <summary>
/// How well detections agree with what is in the pictures of a set: the mean over classes of the area under precision over recall. Classes
/// that are in no picture are left out, as are pictures' boxes that do not count.
/// </summary>
public static class AveragePrecision
{
    private const int CocoSteps = 100, Voc2007Steps = 10;

    /// <summary>COCO's figure: precision read at 101 recalls, at most 100 detections of a class in a picture, mean over overlaps 0.50, 0.55, …, 0.95.</summary>
    /// <returns>0..1; null where there is nothing to find.</returns>
    public static double? Coco(IReadOnlyList<Findings> pictures) =>
        Mean(Enumerable.Range(0, 10).Select(i => CocoAt(pictures, 0.5 + (0.05 * i))));

    /// <summary>The same at one overlap: 0.5 gives COCO's AP50.</summary>
    /// <inheritdoc cref="Coco"/>
    public static double? CocoAt(IReadOnlyList<Findings> pictures, double overlap) =>
        Mean(Classes(pictures).Select(one => (double?)Sampled(Curve(pictures, one, picture => CocoMatching.Judge(picture, one, overlap)), CocoSteps)));

    /// <summary>VOC's figure since 2010: the whole area, at an overlap of 0.5.</summary>
    /// <inheritdoc cref="Coco"/>
    public static double? Voc(IReadOnlyList<Findings> pictures) =>
        Mean(Classes(pictures).Select(one => (double?)Area(Curve(pictures, one, picture => VocMatching.Judge(picture, one)))));

    /// <summary>VOC's figure until 2009: precision read at the recalls 0, 0.1, …, 1, at an overlap of 0.5.</summary>
    /// <inheritdoc cref="Coco"/>
    public static double? Voc2007(IReadOnlyList<Findings> pictures) =>
        Mean(Classes(pictures).Select(one => (double?)Sampled(Curve(pictures, one, picture => VocMatching.Judge(picture, one)), Voc2007Steps)));

    private static IEnumerable<int> Classes(IReadOnlyList<Findings> pictures) =>
        pictures.SelectMany(picture => picture.Truth).Where(one => !one.Ignored).Select(one => one.Class).Distinct();

    /// <summary>Recall and precision after each detection, the surest first; precision as the best that is still to come.</summary>
    private static List<(double Recall, double Precision)> Curve(IReadOnlyList<Findings> pictures, int ofClass, Func<Findings, IEnumerable<Judged>> judge)
    {
        double there = pictures.Sum(picture => picture.Truth.Count(one => one.Class == ofClass && !one.Ignored));
        var curve = new List<(double Recall, double Precision)>();
        int right = 0, all = 0;
        foreach (var detection in pictures.SelectMany(judge).OrderByDescending(one => one.Score))
        {
            all++;
            right += detection.Right ? 1 : 0;
            curve.Add((right / there, (double)right / all));
        }

        for (int i = curve.Count - 2; i >= 0; i--)
            curve[i] = (curve[i].Recall, Math.Max(curve[i].Precision, curve[i + 1].Precision));
        return curve;
    }

    private static double Sampled(List<(double Recall, double Precision)> curve, int steps)
    {
        double sum = 0;
        for (int step = 0, place = 0; step <= steps; step++)
        {
            double recall = step / (double)steps;
            while (place < curve.Count && curve[place].Recall < recall)
                place++;
            sum += place < curve.Count ? curve[place].Precision : 0;
        }

        return sum / (steps + 1);
    }

    private static double Area(List<(double Recall, double Precision)> curve)
    {
        double area = 0, before = 0;
        foreach (var (recall, precision) in curve)
        {
            area += (recall - before) * precision;
            before = recall;
        }

        return area;
    }

    private static double? Mean(IEnumerable<double?> values)
    {
        var there = values.OfType<double>().ToList();
        return there.Count == 0 ? null : there.Average();
    }
}
