using Unpress.Benchmarks;
using Unpress.Networks;
using Unpress.Recipes;

namespace Unpress.Lab.Recipes;

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
