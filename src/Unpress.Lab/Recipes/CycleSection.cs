using Unpress.Benchmarks;
using Unpress.Networks;
using Unpress.Recipes;

namespace Unpress.Lab.Recipes;

/// <summary>How pictures are enhanced again and again.</summary>
public sealed record CycleSection : IHasFaults
{
    /// <summary>Enhancements in a row, two or more.</summary>
    public int Cycles { get; init; } = 5;

    public CycleCase Case { get; init; } = CycleCase.Same;

    /// <summary>Orders that are drawn, in cases that draw any. Our reading: an order has every enhancer once before any comes again.</summary>
    public int Draws { get; init; } = 5;

    /// <summary>Of what is drawn.</summary>
    public long Seed { get; init; } = 1;

    /// <summary>Save the picture with loss between two enhancements; drawn from these, where there are several. Left out: it stays as it is.</summary>
    public IReadOnlyList<CompressionSection> Recompress { get; init; } = [];

    public IEnumerable<string> Faults()
    {
        if (Cycles < 2)
            yield return $"cycles is {Cycles}, must be 2 or more";
        if (Draws < 1)
            yield return $"draws is {Draws}, must be 1 or more";
        if (Case != CycleCase.Everything && Recompress.Sum(one => one.Settings.Count) > 1)
            yield return "recompress has several codecs or settings: that is case everything";
    }
}

/// <summary>Who enhances a picture in turn ("Breaking the Multi-Enhancement Bottleneck", section 3).</summary>
public enum CycleCase
{
    /// <summary>Case 1: the same enhancer each time.</summary>
    Same,

    /// <summary>Case 2: enhancers in an order that is drawn.</summary>
    Networks,

    /// <summary>Case 3: the order is drawn, and so are each picture's codec and setting.</summary>
    Everything,
}

/// <summary>How the answers of one-to-many networks are drawn.</summary>
public sealed record CandidatesSection : IHasFaults
{
    /// <summary>Of each picture, two or more.</summary>
    public int Count { get; init; } = 4;

    /// <summary>What the noise z is multiplied with, each on a line of its own: 0 none, 1 as in training.</summary>
    public IReadOnlyList<double> Noise { get; init; } = [0, 0.5, 1, 2];

    /// <summary>Of the first candidate; the others have the next ones.</summary>
    public long Seed { get; init; } = 1;

    public IEnumerable<string> Faults()
    {
        if (Count < 2)
            yield return $"count is {Count}, must be 2 or more";
        if (Noise.Count == 0)
            yield return "noise is empty";
        foreach (double scale in Noise.Where(scale => !(scale >= 0)))
            yield return FormattableString.Invariant($"noise has {scale}, must be 0 or more");
    }
}

/// <summary>How networks are timed: as <c>unpress bench networks</c> does it.</summary>
public sealed record EfficiencySection : IHasFaults
{
    /// <summary>Of the catalogue, with default options and random weights, besides the enhancers of the recipe.</summary>
    public IReadOnlyList<string> Networks { get; init; } = [];

    /// <summary>Pixels a side of the picture.</summary>
    public int Side { get; init; } = 512;

    /// <summary>Passes after the first; the median counts.</summary>
    public int Repeats { get; init; } = 3;

    /// <summary>Seconds a pass may take; a slower network is measured on a smaller picture, and the time is scaled by its operations.</summary>
    public double Limit { get; init; } = 60;

    /// <summary>To compute with; left out: as many as there are.</summary>
    public int? Threads { get; init; }

    /// <summary>"auto" takes CUDA where it works.</summary>
    public string Device { get; init; } = "auto";

    public IEnumerable<string> Faults()
    {
        foreach (string name in Networks.Where(name => NetworkCatalog.All.All(entry => entry.Name != name)))
            yield return $"no network is called '{name}'; unpress models lists them";
        if (Device is not ("auto" or "cpu" or "cuda"))
            yield return $"device is '{Device}', must be auto, cpu or cuda";
        if (Side < NetworkTimer.SmallestSide)
            yield return $"side is {Side}, must be {NetworkTimer.SmallestSide} or more";
        if (Repeats < 1)
            yield return $"repeats is {Repeats}, must be 1 or more";
        if (Threads < 1)
            yield return $"threads is {Threads}, must be 1 or more";
        if (!(Limit > 0))
            yield return $"limit is {Limit}, must be more than 0";
    }
}
