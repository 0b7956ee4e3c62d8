using Unpress.Vision.Annotations;

namespace Unpress.Vision.Scores;

/// <summary>
/// Which detections of one class in one picture are right, by VOC's rules: each is held against the true box that it overlaps most, taken or
/// not; a second one on the same box is wrong, and one on a difficult box does not count.
/// </summary>
internal static class VocMatching
{
    private const double Enough = 0.5;

    /// <inheritdoc cref="CocoMatching.Judge"/>
    public static IEnumerable<Judged> Judge(Findings picture, int ofClass)
    {
        TrueBox[] truth = [.. picture.Truth.Where(one => one.Class == ofClass)];
        var taken = new bool[truth.Length];
        foreach (var detection in picture.Detections.Where(one => one.Class == ofClass).OrderByDescending(one => one.Score))
        {
            int match = truth.Length == 0 ? -1 : Enumerable.Range(0, truth.Length).MaxBy(i => truth[i].Box.Overlap(detection.Box));
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
