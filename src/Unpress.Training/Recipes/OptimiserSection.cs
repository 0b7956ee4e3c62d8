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

/// <summary>The learning rate over the run, as a share of the optimiser's.</summary>
public sealed record ScheduleSection : IHasFaults
{
    public ScheduleType Type { get; init; } = ScheduleType.Constant;

    /// <summary>Steps in which the rate rises from 0.</summary>
    public long Warmup { get; init; }

    /// <summary>MultiStep: the steps at which the rate drops.</summary>
    public IReadOnlyList<long> Milestones { get; init; } = [];

    /// <summary>MultiStep: the factor of a drop.</summary>
    public double Gamma { get; init; } = 0.5;

    /// <summary>Cosine: the share of the rate left at the end, 0..1.</summary>
    public double Floor { get; init; }

    /// <param name="steps">Of the whole training.</param>
    public Schedule ToSchedule(long steps)
    {
        var schedule = Type switch
        {
            ScheduleType.Cosine => Schedules.Cosine(steps, Floor),
            ScheduleType.MultiStep => Schedules.MultiStep(Milestones, Gamma),
            _ => Schedules.Constant(),
        };
        return Warmup > 0 ? Schedules.WithWarmup(Warmup, schedule) : schedule;
    }

    public IEnumerable<string> Faults()
    {
        if (Warmup < 0)
            yield return $"warmup is {Warmup}, must be 0 or more steps";
        if ((Type == ScheduleType.MultiStep) != (Milestones.Count > 0))
            yield return "milestones belong to type multistep, which needs at least one";
        if (Milestones.Any(step => step < 1) || Milestones.Zip(Milestones.Skip(1)).Any(pair => pair.First >= pair.Second))
            yield return $"milestones is [{string.Join(", ", Milestones)}], must be rising steps above 0";
        if (Gamma is not (> 0 and <= 1))
            yield return FormattableString.Invariant($"gamma is {Gamma}, must be above 0 and at most 1");
        if (Floor is not (>= 0 and <= 1))
            yield return FormattableString.Invariant($"floor is {Floor}, must be 0..1");
    }
}

/// <summary>How the learning rate changes over the run.</summary>
public enum ScheduleType
{
    Constant,

    /// <summary>Multiplied by gamma at each milestone.</summary>
    MultiStep,

    /// <summary>Half a cosine from the highest to the floor.</summary>
    Cosine,
}
