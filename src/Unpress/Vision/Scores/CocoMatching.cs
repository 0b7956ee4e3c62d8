using Unpress.Vision.Annotations;

namespace Unpress.Vision.Scores;

/// <summary>Which detections of one class in one picture are right, by COCO's rules: each takes the free true box that it overlaps most.</summary>
internal static class CocoMatching
{
    /// <summary>Detections of a class in a picture that are looked at.</summary>
    private const int Most = 100;

    /// <param name="threshold">Overlap that is enough.</param>
    /// <returns>In the order of their scores, without those that count neither way.</returns>
    public static IEnumerable<Judged> Judge(Findings picture, int ofClass, double threshold)
    {
        // Those that count come first, so that a detection prefers them.
        TrueBox[] truth = [.. picture.Truth.Where(one => one.Class == ofClass).OrderBy(one => one.Ignored)];
        var taken = new bool[truth.Length];
        foreach (var detection in picture.Detections.Where(one => one.Class == ofClass).OrderByDescending(one => one.Score).Take(Most))
        {
            int match = Best(detection.Box, truth, taken, threshold);
            if (match >= 0)
                taken[match] = true;
            if (match < 0 || !truth[match].Ignored)
                yield return new Judged(detection.Score, match >= 0);
        }
    }

    private static int Best(Box box, TrueBox[] truth, bool[] taken, double threshold)
    {
        double best = Math.Min(threshold, 1 - 1e-10);
        int match = -1;
        for (int i = 0; i < truth.Length; i++)
        {
            if (taken[i] && !truth[i].Crowd)
                continue;
            if (match >= 0 && !truth[match].Ignored && truth[i].Ignored)
                break;
            // A crowd's box is not all crowd: of a detection only the part inside counts.
            double overlap = truth[i].Crowd ? (box.Area > 0 ? box.Intersection(truth[i].Box) / box.Area : 0) : box.Overlap(truth[i].Box);
            if (overlap >= best)
                (best, match) = (overlap, i);
        }

        return match;
    }
}
