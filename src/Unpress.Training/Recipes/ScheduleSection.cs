using Unpress.Torch.Optim;

namespace Unpress.Recipes;

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
