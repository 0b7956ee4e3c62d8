using Unpress.Training.Logging;

namespace Unpress.Training;

/// <summary>Writes every report to the run folder, as JSON lines and TensorBoard events, and passes it on.</summary>
internal sealed class RunLog : IProgress<TrainingProgress>, IDisposable
{
    private readonly JsonLinesLog _lines;
    private readonly TensorBoardLog _events;
    private readonly IProgress<TrainingProgress> _next;

    /// <param name="resumedAt">Step of the checkpoint taken up, whose later records are cut off; −1 for a fresh training.</param>
    public RunLog(RunFolder folder, long resumedAt, IProgress<TrainingProgress> next)
    {
        _lines = new JsonLinesLog(folder.Log, resumedAt);
        _events = new TensorBoardLog(folder.Events, resumedAt);
        _next = next;
    }

    public void Report(TrainingProgress value)
    {
        if (value.Validation is { } figures)
            Write(value.Step, "validation", [.. figures.Select(figure => ($"psnr_rgb_{figure.Scale.ToLowerInvariant()}{figure.Quality}", figure.Enhanced))]);
        else
            Write(value.Step, "train",
            [
                ("loss", value.Loss), ("learning_rate", value.LearningRate), ("gradient_norm", value.GradientNorm),
                ("steps_per_second", value.StepsPerSecond), ("data_wait_share", value.WaitShare),
                // One term alone is the loss, but for its weight.
                .. value.Terms.Count > 1 ? value.Terms.Select(term => ($"loss_{term.Name}", term.Value)) : [],
            ]);
        _next.Report(value);
    }

    public void Dispose()
    {
        _lines.Dispose();
        _events.Dispose();
    }

    private void Write(long step, string kind, params (string Name, double Value)[] values)
    {
        _lines.Write(step, kind, values);
        foreach (var (name, value) in values)
            _events.Scalar($"{kind}/{name}", step, value);
    }
}
