using Unpress.Torch;
using Unpress.Torch.Optim;

namespace Unpress.Recipes;

/// <summary>How weights follow gradients. The defaults are PyTorch's, but for the learning rate.</summary>
public sealed record OptimiserSection : IHasFaults
{
    public OptimiserType Type { get; init; } = OptimiserType.Adam;

    /// <summary>Highest learning rate; the schedule scales it.</summary>
    public double Lr { get; init; } = 1e-4;

    /// <summary>Adam, AdamW: decay of the first and second moment.</summary>
    public IReadOnlyList<double> Betas { get; init; } = [0.9, 0.999];

    /// <summary>Adam, AdamW: added to the root of the second moment.</summary>
    public double Epsilon { get; init; } = 1e-8;

    /// <summary>SGD only.</summary>
    public double Momentum { get; init; }

    public double WeightDecay { get; init; }

    /// <summary>Largest 2-norm of all gradients together; left out: not clipped.</summary>
    public double? ClipNorm { get; init; }

    public Optimizer Create(IEnumerable<(string Name, Tensor Tensor)> parameters)
    {
        var adam = new AdamOptions(Betas[0], Betas[1], Epsilon, WeightDecay, Type == OptimiserType.AdamW);
        return Type == OptimiserType.Sgd ? new Sgd(parameters, Lr, Momentum, WeightDecay) : new Adam(parameters, Lr, adam);
    }

    public IEnumerable<string> Faults()
    {
        if (Lr <= 0)
            yield return FormattableString.Invariant($"lr is {Lr}, must be above 0");
        if (Betas.Count != 2 || Betas.Any(beta => beta is not (>= 0 and < 1)))
            yield return FormattableString.Invariant($"betas is [{string.Join(", ", Betas)}], must be two numbers in 0..1, below 1");
        if (Epsilon <= 0)
            yield return FormattableString.Invariant($"epsilon is {Epsilon}, must be above 0");
        if (Momentum is not (>= 0 and < 1))
            yield return FormattableString.Invariant($"momentum is {Momentum}, must be 0..1, below 1");
        if (WeightDecay < 0)
            yield return FormattableString.Invariant($"weightDecay is {WeightDecay}, must be 0 or more");
        if (ClipNorm <= 0)
            yield return FormattableString.Invariant($"clipNorm is {ClipNorm}, must be above 0");
    }
}

/// <summary>Which optimiser.</summary>
public enum OptimiserType
{
    Adam,

    AdamW,

    Sgd,
}
