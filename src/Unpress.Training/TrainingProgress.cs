namespace Unpress.Training;

/// <summary>How a training stands.</summary>
/// <param name="Step">Steps done.</param>
/// <param name="Loss">Mean of the objective since the last report.</param>
/// <param name="LearningRate">Of the step just done.</param>
/// <param name="GradientNorm">Of the step just done, before clipping; 0 when not clipped.</param>
/// <param name="StepsPerSecond">Since the last report.</param>
/// <param name="WaitShare">Share of the time since the last report in which the training thread waited for data, 0..1.</param>
/// <param name="Validation">Figures of a validation that just ended; null otherwise.</param>
public sealed record TrainingProgress(
    long Step,
    long Steps,
    double Loss,
    double LearningRate,
    double GradientNorm,
    double StepsPerSecond,
    double WaitShare,
    IReadOnlyList<ValidationFigure>? Validation = null)
{
    /// <summary>Means of the objective's terms since the last report, unweighted, the discriminator's among them.</summary>
    public IReadOnlyList<(string Name, double Value)> Terms { get; init; } = [];

    public TimeSpan Remaining => StepsPerSecond > 0 ? TimeSpan.FromSeconds((Steps - Step) / StepsPerSecond) : TimeSpan.Zero;
}
