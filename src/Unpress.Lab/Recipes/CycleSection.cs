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
