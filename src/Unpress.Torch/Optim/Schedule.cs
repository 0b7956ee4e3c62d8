namespace Unpress.Torch.Optim;

/// <summary>The learning rate as a factor of the step: 0-based step in, factor of the base rate out.</summary>
public delegate double Schedule(long step);

/// <summary>The schedules of the field.</summary>
public static class Schedules
{
    public static Schedule Constant() => _ => 1;

    /// <summary>Multiplied by <paramref name="factor"/> at each milestone.</summary>
    public static Schedule MultiStep(IReadOnlyList<long> milestones, double factor) => step => Math.Pow(factor, milestones.Count(m => step >= m));

    /// <summary>Half a cosine from 1 to <paramref name="final"/> over <paramref name="steps"/>.</summary>
    public static Schedule Cosine(long steps, double final = 0)
        => step => final + ((1 - final) * 0.5 * (1 + Math.Cos(Math.PI * Math.Min(step, steps) / steps)));

    /// <summary>A straight rise over the first <paramref name="warmup"/> steps, then <paramref name="then"/>, its clock running from the start.</summary>
    public static Schedule WithWarmup(long warmup, Schedule then) => step => (step < warmup ? (step + 1.0) / warmup : 1) * then(step);
}
