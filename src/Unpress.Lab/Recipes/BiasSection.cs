using Unpress.Losses;
using Unpress.Recipes;

namespace Unpress.Lab.Recipes;

/// <summary>How the bias towards the compressed domain is measured.</summary>
public sealed record BiasSection : IHasFaults
{
    /// <summary>Those whose realism scores are measured.</summary>
    public IReadOnlyList<DiscriminatorUnderTest> Discriminators { get; init; } = [];

    /// <summary>Pixels a side of the crops that they judge.</summary>
    public int Crop { get; init; } = 128;

    /// <summary>Distance of these features as a triangle, too, as the losses of the method see it; left out: none.</summary>
    public FeatureOptions? Features { get; init; }

    public IEnumerable<string> Faults()
    {
        if (Crop < 8)
            yield return $"crop is {Crop}, must be 8 or more";
    }
}
