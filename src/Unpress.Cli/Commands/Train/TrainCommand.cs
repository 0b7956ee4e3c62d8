using System.CommandLine;
using System.Globalization;
using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Serialization;
using Spectre.Console;
using Unpress.Inference;
using Unpress.Recipes;
using Unpress.Torch;
using Unpress.Training;

namespace Unpress.Cli.Commands.Train;

/// <summary><c>unpress train RECIPE</c>: trains a network by a recipe file.</summary>
public static class TrainCommand
{
    /// <summary>
    /// After Ctrl-C: what was learnt since the last checkpoint is kept if the step at work ends within this time. A second Ctrl-C does not wait.
    /// </summary>
    private static readonly TimeSpan StepAndCheckpoint = TimeSpan.FromSeconds(10);

    /// <summary>How long a process waits for the others: as long as rank 0 may need to pack the pictures, or to validate.</summary>
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(30);

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
        var json = new Option<bool>("--json") { Description = "Print JSON instead of text: one object a line for the start, each report, each validation and the end." };
        var distributed = new Option<bool>("--distributed")
        {
            Description = "This is one of several processes that make this training together, started by torchrun or srun; each takes its part of every batch.",
        };
        device.AcceptOnlyFromAmong("auto", "cpu", "cuda");
        var command = new Command("train", "Train a network as a recipe says.")
        {
            recipe, output, overlay, set, stage, resume, device, threads, report, cache, json, distributed,
        };
        // On a thread of its own: Ctrl-C must get through while a step is at work.
        command.SetAction((parsed, cancellation) => Task.Run(() =>
        {
            using var group = parsed.GetValue(distributed) ? new ProcessGroup(Rendezvous.Of(Environment.GetEnvironmentVariable), Patience) : null;
            return Run(
                group is { Rank: > 0 } ? (_, _, _) => new NoView() : ViewOf(parsed, parsed.GetValue(json)),
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
                    Group = group,
                },
                cancellation);
        }));
        return command.WithLimits().WithExamples(
            "unpress train recipes/unpress/photo.yaml --overlay smoke # a short run that shows that all is there",
            "unpress train runs/photo/recipe.yaml --resume -o runs/photo");
    }

    internal static Func<Recipe, RunFolder, TrainingOptions, ITrainView> ViewOf(ParseResult parsed, bool json)
    {
        if (json)
            return (recipe, folder, options) => new TrainEvents(parsed.InvocationConfiguration.Output.WriteLine, recipe, folder, options);
        var console = ResultConsole.ForError(parsed);
        return (recipe, folder, options) => new TrainView(console, recipe, folder, options);
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
        Func<Recipe, RunFolder, TrainingOptions, ITrainView> viewOf, IReadOnlyList<Recipe> stages, int? only, string? output, TrainingOptions options,
        CancellationToken cancellation)
    {
        Interruption.Grace = StepAndCheckpoint;
        var plan = TrainingStage.Plan(stages, output, only);
        TrainingStage.Check(plan, options.Device);
        foreach (var (recipe, folder) in plan)
        {
            var view = viewOf(recipe, folder, options);
            // Of several stages, some may not have begun when the training stopped.
            bool resume = options.Resume && (stages.Count == 1 || only is not null || folder.Checkpoints().Count > 0);
            bool stopped = new Trainer(recipe, folder, options with { Resume = resume, Note = view.Note }, view).Run(cancellation);
            view.Finish(stopped);
            if (stopped)
                return ExitCodes.Cancelled;
        }

        return ExitCodes.Ok;
    }

    internal static string DefaultCache()
        => Path.Combine(Environment.GetFolderPath(Environment.SpecialFolder.UserProfile), ".cache", "unpress");
}

/// <summary>Of several processes the first alone says something.</summary>
internal sealed class NoView : ITrainView
{
    public void Report(TrainingProgress value)
    {
    }

    public void Note(string line)
    {
    }

    public void Finish(bool cancelled)
    {
    }
}

/// <summary>Says how a training goes.</summary>
internal interface ITrainView : IProgress<TrainingProgress>
{
    void Note(string line);

    void Finish(bool cancelled);
}

/// <summary>For programs: one JSON object a line.</summary>
internal sealed class TrainEvents : ITrainView
{
    private static readonly JsonSerializerOptions Json = new(JsonSerializerDefaults.Web)
    {
        Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
        NumberHandling = JsonNumberHandling.AllowNamedFloatingPointLiterals,
    };

    private readonly Action<string> _write;
    private readonly RunFolder _folder;

    public TrainEvents(Action<string> write, Recipe recipe, RunFolder folder, TrainingOptions options)
    {
        (_write, _folder) = (write, folder);
        Write(new { @event = "start", recipe.Name, network = recipe.Network.Type, recipe.Steps, device = options.Device.ToString(), folder = folder.Path });
    }

    public void Report(TrainingProgress value)
    {
        if (value.Validation is { } figures)
        {
            var psnr = figures.Settings.Select(figure => new { figure.Scale, figure.Quality, figure.Compressed, figure.Enhanced, figure.DegradationIndex });
            Write(new { @event = "validation", value.Step, psnr, figures.Originals });
        }
        else
        {
            Write(new
            {
                @event = "report",
                value.Step,
                value.Steps,
                value.Loss,
                terms = value.Terms.ToDictionary(term => term.Name, term => term.Value),
                value.LearningRate,
                value.StepsPerSecond,
                value.WaitShare,
                secondsLeft = Math.Round(value.Remaining.TotalSeconds),
            });
        }
    }

    public void Note(string line) => Write(new { @event = "note", line });

    public void Finish(bool cancelled) => Write(new { @event = "end", cancelled, model = _folder.Model });

    private void Write<T>(T value) => _write(JsonSerializer.Serialize(value, Json));
}

/// <summary>What a person sees of a training: one line a report, on stderr.</summary>
internal sealed class TrainView : ITrainView
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
        // Only where the data is late is there something to say of it, and the line fits 80 columns without.
        string wait = value.WaitShare < 0.01 ? "" : string.Create(CultureInfo.InvariantCulture, $"  data wait {100 * value.WaitShare:F0} %");
        _console.MarkupLineInterpolated(
            CultureInfo.InvariantCulture,
            $"{value.Step,8:N0}/{value.Steps:N0}  loss {value.Loss:F5}  lr {value.LearningRate:E1}  {value.StepsPerSecond:F2} steps/s{wait}  {Remaining(value)} left");
        if (value.Validation is { } figures)
            _console.MarkupLineInterpolated($"[green]          validation[/]  {string.Join("  ", figures.Settings.Select(Text))}{Originals(figures)}");
    }

    public void Note(string line) => _console.MarkupLineInterpolated($"{line}");

    public void Finish(bool cancelled)
        => _console.MarkupLineInterpolated($"{(cancelled ? "stopped; --resume goes on" : "done")}: {_folder.Model}");

    private static string Text(ValidationFigure figure)
        => string.Create(CultureInfo.InvariantCulture, $"{figure.Scale} {figure.Quality}: {figure.Compressed:F2} → {figure.Enhanced:F2} dB")
            + (figure.DegradationIndex is { } index ? string.Create(CultureInfo.InvariantCulture, $", DI {index:F3} %") : "");

    private static string Originals(ValidationFigures figures)
        => figures.Originals is { } originals ? string.Create(CultureInfo.InvariantCulture, $"  originals {originals:F1} dB") : "";

    private static string Remaining(TrainingProgress progress)
        => progress.Remaining.TotalHours >= 1
            ? string.Create(CultureInfo.InvariantCulture, $"{(int)progress.Remaining.TotalHours}:{progress.Remaining:mm\\:ss}")
            : progress.Remaining.ToString(@"m\:ss", CultureInfo.InvariantCulture);
}
