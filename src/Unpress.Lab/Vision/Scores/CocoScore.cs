using Unpress.Vision.Annotations;

namespace Unpress.Vision.Scores;

/// <summary>
/// How well detections agree with what is in the pictures of a set, by COCO's rules. Figures are means over classes, those left out of which
/// there is nothing to find, and over the overlaps 0.50, 0.55, …, 0.95; 0..1, null where there is nothing to find at all.
/// </summary>
public sealed class CocoScore
{
    /// <summary>Detections of a class in a picture that precision looks at.</summary>
    public const int Most = 100;

    private const int Recalls = 100;

    // As the reference tools have them, to the last bit: boxes of whole pixels overlap by exactly 0.85.
    private static readonly double[] Overlaps = [.. Enumerable.Range(0, 9).Select(i => 0.5 + (i * ((0.95 - 0.5) / 9))), 0.95];

    private readonly Dictionary<int, CocoMatching[]> _classes;
    private readonly Dictionary<(int Class, double Overlap, CocoSize Size, int Most), (double Precision, double Recall)?> _cells = [];

    public CocoScore(IReadOnlyList<Findings> pictures) => _classes = pictures.SelectMany(picture => picture.ByClass())
        .GroupBy(one => one.Class)
        .ToDictionary(group => group.Key, group => group.Select(one => new CocoMatching(one.Findings)).ToArray());

    /// <summary>Mean average precision: AP at 101 recalls.</summary>
    /// <param name="overlap">One overlap, such as 0.5 for AP50; null for the mean over the ten.</param>
    /// <param name="ofClass">One class; null for the mean over all.</param>
    public double? Precision(CocoSize size = CocoSize.Any, double? overlap = null, int? ofClass = null) =>
        Mean(size, Most, overlap, ofClass)?.Precision;

    /// <summary>Mean average recall: AR, the part found by the surest detections.</summary>
    /// <param name="most">So many of a class in a picture, up to <see cref="Most"/>.</param>
    public double? Recall(int most = Most, CocoSize size = CocoSize.Any) => Mean(size, most, null, null)?.Recall;

    private (double Precision, double Recall)? Mean(CocoSize size, int most, double? overlap, int? ofClass)
    {
        int[] classes = ofClass is { } known ? [known] : [.. _classes.Keys.Order()];
        double[] overlaps = overlap is { } single ? [single] : Overlaps;
        var cells = (from one in classes
                     from enough in overlaps
                     select Cell(one, enough, size, most)).OfType<(double Precision, double Recall)>().ToList();
        return cells.Count == 0 ? null : (cells.Average(cell => cell.Precision), cells.Average(cell => cell.Recall));
    }

    private (double Precision, double Recall)? Cell(int ofClass, double overlap, CocoSize size, int most)
    {
        var key = (ofClass, overlap, size, most);
        if (!_cells.TryGetValue(key, out var cell))
        {
            var pictures = _classes.GetValueOrDefault(ofClass, []);
            int there = pictures.Sum(picture => picture.There(size));
            if (there > 0)
            {
                var curve = new PrecisionCurve(pictures.SelectMany(picture => picture.Judge(overlap, size, most)), there);
                cell = (curve.Sampled(Recalls), curve.Recall);
            }

            _cells[key] = cell;
        }

        return cell;
    }
}

/// <summary>How large things are that COCO's figures are of.</summary>
public enum CocoSize
{
    Any,

    /// <summary>Up to 32² pixels.</summary>
    Small,

    /// <summary>32² to 96² pixels.</summary>
    Medium,

    /// <summary>96² pixels and more.</summary>
    Large,
}

/// <summary>What is in a picture, and what a detector says, in the same numbering of classes.</summary>
public sealed record Findings(IReadOnlyList<TrueBox> Truth, IReadOnlyList<Detection> Detections)
{
    /// <summary>The same, class by class.</summary>
    internal IEnumerable<(int Class, Findings Findings)> ByClass()
    {
        var truth = Truth.ToLookup(one => one.Class);
        var detections = Detections.ToLookup(one => one.Class);
        return truth.Select(group => group.Key).Union(detections.Select(group => group.Key))
            .Select(one => (one, new Findings([.. truth[one]], [.. detections[one]])));
    }
}

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
