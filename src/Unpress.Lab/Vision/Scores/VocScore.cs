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
