using System.CommandLine;
using System.Globalization;
using Spectre.Console;
using Unpress.Inference;
using Unpress.Recipes;
using Unpress.Training;

namespace Unpress.Cli.Commands.Train;

/// <summary><c>unpress train RECIPE</c>: trains a network by a recipe file.</summary>
public static class TrainCommand
{
    /// <summary>
    /// After Ctrl-C: what was learnt since the last checkpoint is kept if the step at work ends within this time. A second Ctrl-C does not wait.
    /// </summary>
    private static readonly TimeSpan StepAndCheckpoint = TimeSpan.FromSeconds(10);

    public static Command Create()
    {
        var recipe = new Argument<string>("recipe") { Description = "Recipe file (YAML); with --resume, the recipe.yaml of the run folder." };
        var output = new Option<string?>("--output", "-o") { Description = "Run folder; by default runs/NAME." };
        var overlay = new Option<string[]>("--overlay") { Description = "Use an overlay of the recipe, such as smoke or small; may be repeated." };
        var set = new Option<string[]>("--set") { Description = "Change one value: --set optimiser.lr=2e-4; may be repeated." };
        var stage = new Option<string?>("--stage")
        {
            Description = "Train only this stage of the recipe; the stages before it must be trained already.",
            HelpName = "NAME",
        };
        var resume = new Option<bool>("--resume") { Description = "Continue from the newest checkpoint in the run folder." };
        var device = new Option<string>("--device") { Description = "Device to train on: auto, cpu or cuda.", DefaultValueFactory = _ => "auto" };
        var threads = NumberOption.Threads("CPU threads of the training.");
        var report = NumberOption.Of("--report", "Number of steps between two progress lines.", 50, 1);
        var cache = new Option<string?>("--cache") { Description = "Folder for packed training pictures; by default ~/.cache/unpress." };
        device.AcceptOnlyFromAmong("auto", "cpu", "cuda");
        var command = new Command("train", "Train a network as a recipe says.") { recipe, output, overlay, set, stage, resume, device, threads, report, cache };
        // On a thread of its own: Ctrl-C must get through while a step is at work.
        command.SetAction((parsed, cancellation) => Task.Run(() => Run(
            ResultConsole.ForError(parsed),
            Recipe.LoadStages(parsed.GetValue(recipe)!, parsed.GetValue(overlay), parsed.GetValue(set)),
            NumberOf(parsed.GetValue(stage), parsed.GetValue(recipe)!, parsed.GetValue(overlay)),
            parsed.GetValue(output),
            new TrainingOptions
            {
                Device = Devices.Find(parsed.GetValue(device)!),
                Threads = parsed.GetValue(threads),
                Resume = parsed.GetValue(resume),
                ReportEvery = parsed.GetValue(report),
                Cache = parsed.GetValue(cache) ?? DefaultCache(),
            },
            cancellation)));
        return command.WithLimits().WithExamples(
            "unpress train recipes/unpress/photo.yaml --overlay smoke # a short run that shows that all is there",
            "unpress train runs/photo/recipe.yaml --resume -o runs/photo");
    }

    /// <summary>The number of the stage, 0 for the first; null for all.</summary>
    private static int? NumberOf(string? stage, string file, string[]? overlays)
    {
        if (stage is null)
            return null;
        var names = Recipe.StageNames(file, overlays).ToList();
        return names.IndexOf(stage) is >= 0 and var number
            ? number
            : throw new ArgumentException($"--stage {stage}: {file} has {(names.Count == 0 ? "no stages" : $"the stages {string.Join(", ", names)}")}");
    }

    /// <summary>Trains the stages in their order, each as far as its recipe says.</summary>
    internal static int Run(
        IAnsiConsole console, IReadOnlyList<Recipe> stages, int? only, string? output, TrainingOptions options, CancellationToken cancellation)
    {
        Interruption.Grace = StepAndCheckpoint;
        var plan = TrainingStage.Plan(stages, output, only);
        TrainingStage.Check(plan, options.Device);
        foreach (var (recipe, folder) in plan)
        {
            var view = new TrainView(console, recipe, folder, options);
            // Of several stages, some may not have begun when the training stopped.
            bool resume = options.Resume && (stages.Count == 1 || only is not null || folder.Checkpoints().Count > 0);
            new Trainer(recipe, folder, options with { Resume = resume, Note = view.Note }, view).Run(cancellation);
            view.Finish(cancellation.IsCancellationRequested);
            if (cancellation.IsCancellationRequested)
                break;
        }

        return cancellation.IsCancellationRequested ? ExitCodes.Cancelled : ExitCodes.Ok;
    }

    internal static string DefaultCache()
        => Path.Combine(Environment.GetFolderPath(Environment.SpecialFolder.UserProfile), ".cache", "unpress");
}

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

    public void Note(string line) => _console.MarkupLineInterpolated($"{line}");

    public void Finish(bool cancelled)
        => _console.MarkupLineInterpolated($"{(cancelled ? "stopped; --resume goes on" : "done")}: {_folder.Model}");

    private static string Text(ValidationFigure figure)
        => string.Create(CultureInfo.InvariantCulture, $"{figure.Scale} {figure.Quality}: {figure.Compressed:F2} → {figure.Enhanced:F2} dB");

    private static string Remaining(TrainingProgress progress)
        => progress.Remaining.TotalHours >= 1
            ? string.Create(CultureInfo.InvariantCulture, $"{(int)progress.Remaining.TotalHours}:{progress.Remaining:mm\\:ss}")
            : progress.Remaining.ToString(@"m\:ss", CultureInfo.InvariantCulture);
}
