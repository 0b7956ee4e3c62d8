using Unpress.Vision.Annotations;

namespace Unpress.Vision.Scores;

/// <summary>
/// One class in one picture by COCO's rules: the surest detections, and which of them are right. Each takes the free true box that it overlaps
/// most. What is of another size than asked for does not count: a true box as if it were a crowd's, a detection if it found nothing.
/// </summary>
internal sealed class CocoMatching
{
    /// <summary>Detections that are looked at.</summary>
    private const int Most = 100;

    private readonly TrueBox[] _truth;
    private readonly Detection[] _detections;
    private readonly double[,] _overlaps;

    /// <param name="picture">Of one class only.</param>
    public CocoMatching(Findings picture)
    {
        _truth = [.. picture.Truth];
        _detections = [.. picture.Detections.OrderByDescending(one => one.Score).Take(Most)];
        _overlaps = new double[_detections.Length, _truth.Length];
        for (int i = 0; i < _detections.Length; i++)
        {
            for (int k = 0; k < _truth.Length; k++)
                _overlaps[i, k] = Overlap(_detections[i].Box, _truth[k]);
        }
    }

    /// <summary>What there is to find.</summary>
    public int There(CocoSize size) => _truth.Count(one => Counts(one, size));

    /// <param name="enough">Overlap that is enough.</param>
    /// <param name="most">Only the surest so many.</param>
    /// <returns>In the order of their scores, without those that count neither way.</returns>
    public IEnumerable<Judged> Judge(double enough, CocoSize size, int most)
    {
        // Those that count come first, so that a detection prefers them.
        int[] order = [.. Enumerable.Range(0, _truth.Length).OrderBy(k => !Counts(_truth[k], size))];
        var taken = new bool[_truth.Length];
        for (int i = 0; i < Math.Min(most, _detections.Length); i++)
        {
            int match = Best(i, order, taken, enough, size);
            if (match >= 0)
                taken[match] = true;
            if (match >= 0 ? Counts(_truth[match], size) : Holds(size, _detections[i].Box.Area))
                yield return new Judged(_detections[i].Score, match >= 0);
        }
    }

    private int Best(int detection, int[] order, bool[] taken, double enough, CocoSize size)
    {
        double best = Math.Min(enough, 1 - 1e-10);
        int match = -1;
        foreach (int k in order)
        {
            if (taken[k] && !_truth[k].Crowd)
                continue;
            if (match >= 0 && Counts(_truth[match], size) && !Counts(_truth[k], size))
                break;
            if (_overlaps[detection, k] >= best)
                (best, match) = (_overlaps[detection, k], k);
        }

        return match;
    }

    // A crowd's box is not all crowd: of a detection only the part inside counts.
    private static double Overlap(Box box, TrueBox truth) => !truth.Crowd
        ? box.Overlap(truth.Box)
        : box.Area > 0 ? box.Intersection(truth.Box) / box.Area : 0;

    private static bool Counts(TrueBox truth, CocoSize size) => !truth.Ignored && Holds(size, truth.Area ?? truth.Box.Area);

    /// <summary>Both ends belong to a range, so that an area of exactly 32² is of two.</summary>
    private static bool Holds(CocoSize size, double area) => size switch
    {
        CocoSize.Small => area <= 32 * 32,
        CocoSize.Medium => area is >= 32 * 32 and <= 96 * 96,
        CocoSize.Large => area >= 96 * 96,
        _ => true,
    };
}
