using System.Globalization;
using Spectre.Console;
using Unpress.Recipes;
using Unpress.Training;

namespace Unpress.Cli.Commands.Train;

/// <summary>What a person sees of a training: one line a report, on stderr.</summary>
internal sealed class TrainView : IProgress<TrainingProgress>
{
    private readonly IAnsiConsole _console;
    private readonly RunFolder _folder;

    public TrainView(IAnsiConsole console, Recipe recipe, RunFolder folder, TrainingOptions options)
    {
        (_console, _folder) = (console, folder);
        _console.MarkupLineInterpolated(
            $"[bold]{recipe.Name}[/]: {recipe.Network.Type}, {recipe.Steps:N0} steps on {options.Device.ToString()}, run folder {folder.Path}");
    }

    public void Report(TrainingProgress value)
    {
        _console.MarkupLineInterpolated(CultureInfo.InvariantCulture, $"{value.Step,8:N0}/{value.Steps:N0}  loss {value.Loss:F5}  lr {value.LearningRate:E1}  {value.StepsPerSecond:F2} steps/s  data wait {100 * value.WaitShare:F1} %  {Remaining(value)} left");
        if (value.Validation is { } figures)
            _console.MarkupLineInterpolated($"[green]          validation[/]  {string.Join("  ", figures.Select(Text))}");
    }

    public void Finish(bool cancelled)
        => _console.MarkupLineInterpolated($"{(cancelled ? "stopped; --resume goes on" : "done")}: {_folder.Model}");

    private static string Text(ValidationFigure figure)
        => string.Create(CultureInfo.InvariantCulture, $"{figure.Scale} {figure.Quality}: {figure.Compressed:F2} → {figure.Enhanced:F2} dB");

    private static string Remaining(TrainingProgress progress)
        => progress.Remaining.TotalHours >= 1
            ? string.Create(CultureInfo.InvariantCulture, $"{(int)progress.Remaining.TotalHours}:{progress.Remaining:mm\\:ss}")
            : progress.Remaining.ToString(@"m\:ss", CultureInfo.InvariantCulture);
}
