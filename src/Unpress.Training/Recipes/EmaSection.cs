namespace Unpress.Recipes;

/// <summary>An exponential moving average of the weights, which validation and the result use.</summary>
public sealed record EmaSection : IHasFaults
{
    public double Decay { get; init; } = 0.999;

    public IEnumerable<string> Faults()
    {
        if (Decay is not (> 0 and < 1))
            yield return FormattableString.Invariant($"decay is {Decay}, must be between 0 and 1");
    }
}
