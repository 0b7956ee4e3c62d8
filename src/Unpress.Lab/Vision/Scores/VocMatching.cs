using Unpress.Vision.Annotations;

namespace Unpress.Vision.Scores;

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
