using Unpress.Imaging;
using Unpress.Metrics;
using Unpress.Vision.Annotations;

namespace Unpress.Vision.Scores;

/// <summary>
/// How well detections agree with what is in the pictures of a set, by VOC's rules, at an overlap of 0.5: the mean over classes, those left out
/// of which there is nothing to find, of average precision; 0..1, null where there is nothing to find at all.
/// </summary>
public sealed class VocScore
{
    private const int Recalls2007 = 10;

    private readonly Dictionary<int, PrecisionCurve> _curves = [];

    public VocScore(IReadOnlyList<Findings> pictures)
    {
        foreach (var one in pictures.SelectMany(picture => picture.ByClass()).GroupBy(one => one.Class, one => one.Findings))
        {
            int there = one.Sum(picture => picture.Truth.Count(thing => !thing.Ignored));
            if (there > 0)
                _curves.Add(one.Key, new PrecisionCurve(one.SelectMany(VocMatching.Judge), there));
        }
    }

    /// <summary>VOC's figure since 2010: the whole area under precision over recall.</summary>
    /// <param name="ofClass">One class; null for the mean over all.</param>
    public double? Precision(int? ofClass = null) => Mean(ofClass, curve => curve.Area);

    /// <summary>VOC's figure until 2009: precision read at the recalls 0, 0.1, …, 1.</summary>
    /// <inheritdoc cref="Precision"/>
    public double? Precision2007(int? ofClass = null) => Mean(ofClass, curve => curve.Sampled(Recalls2007));

    private double? Mean(int? ofClass, Func<PrecisionCurve, double> figure) =>
        _curves.Where(one => ofClass is null || one.Key == ofClass).Select(one => (double?)figure(one.Value)).Average();
}

/// <summary>
/// Which detections of one class in one picture are right, by VOC's rules: each is held against the true box that it overlaps most, taken or
/// not; a second one on the same box is wrong, and one on a difficult box does not count.
/// </summary>
internal static class VocMatching
{
    private const double Enough = 0.5;

    /// <param name="picture">Of one class only.</param>
    /// <returns>In the order of their scores, without those that count neither way.</returns>
    public static IEnumerable<Judged> Judge(Findings picture)
    {
        var truth = picture.Truth;
        var taken = new bool[truth.Count];
        foreach (var detection in picture.Detections.OrderByDescending(one => one.Score))
        {
            int match = truth.Count == 0 ? -1 : Enumerable.Range(0, truth.Count).MaxBy(i => truth[i].Box.Overlap(detection.Box));
            if (match < 0 || truth[match].Box.Overlap(detection.Box) < Enough)
            {
                yield return new Judged(detection.Score, Right: false);
            }
            else if (!truth[match].Ignored)
            {
                yield return new Judged(detection.Score, Right: !taken[match]);
                taken[match] = true;
            }
        }
    }
}

/// <summary>A detection that has been compared with the truth.</summary>
/// <param name="Right">It found something that counts.</param>
internal readonly record struct Judged(double Score, bool Right);

/// <summary>
/// How often pixels of each class were taken for each other class: for the mean intersection over union of a set. Pictures come one after
/// the other.
/// </summary>
public sealed class ConfusionCount
{
    private readonly long[,] _count = new long[256, 256];

    /// <summary>
    /// Mean over the classes that are in a mask or in an answer of right pixels / (right, missed and wrong pixels), 0..1; null where
    /// nothing counts.
    /// </summary>
    public double? MeanIntersectionOverUnion =>
        Enumerable.Range(0, VocMask.Nothing).Select(IntersectionOverUnion).Average();

    /// <summary>The same of one class; null where it is neither in a mask nor in an answer.</summary>
    public double? IntersectionOverUnion(int ofClass)
    {
        long union = -_count[ofClass, ofClass];
        for (int other = 0; other < 256; other++)
            union += _count[ofClass, other] + _count[other, ofClass];
        return union > 0 ? (double)_count[ofClass, ofClass] / union : null;
    }

    /// <param name="truth">Classes, gray; <see cref="VocMask.Nothing"/> does not count.</param>
    /// <param name="answer">Classes, gray, of the same size.</param>
    /// <exception cref="IncomparableException">The sizes differ.</exception>
    public void Add(ImageBuffer truth, ImageBuffer answer)
    {
        if (truth.Width != answer.Width || truth.Height != answer.Height)
            throw new IncomparableException($"a mask of {truth.Width}x{truth.Height} does not belong to a picture of {answer.Width}x{answer.Height}");
        for (int i = 0; i < truth.Data.Length; i++)
        {
            if (truth.Data[i] != VocMask.Nothing)
                _count[truth.Data[i], answer.Data[i]]++;
        }
    }
}
