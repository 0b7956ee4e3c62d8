using System.CommandLine;
using System.Globalization;
using Unpress.Cli.Commands.Train;
using Unpress.Inference;
using Unpress.Lab.Planning;
using Unpress.Lab.Recipes;
using Unpress.Recipes;
using Unpress.Training;

namespace Unpress.Cli.Commands.Lab;

/// <summary><c>unpress lab plan RECIPE</c>: the trainings that an experiment needs; with <c>--run</c> they are done.</summary>
internal static class LabPlanCommand
{
    public static Command Create()
    {
        var recipe = new Argument<string>("recipe") { Description = "Recipe of an experiment (YAML); those of the papers' tables are in lab/papers." };
        var overlay = new Option<string[]>("--overlay") { Description = "Lay an overlay of the recipe over it; may be repeated." };
        var set = new Option<string[]>("--set") { Description = "Override one value; may be repeated." };
        var run = new Option<bool>("--run") { Description = "Do the trainings one after the other; one that was stopped goes on from its last checkpoint" };
        var jobs = new Option<bool>("--jobs") { Description = "Print the commands alone, one a line, for a job array; behind # the number of the training, and of those that must be done before" };
        var only = NumberOption.Maybe("--only", "With --run: the training of this number alone, for one task of a job array.", 1);
        var device = new Option<string>("--device") { Description = "Of the trainings: auto, cpu or cuda.", DefaultValueFactory = _ => "auto" };
        device.AcceptOnlyFromAmong("auto", "cpu", "cuda");
        var command = new Command("plan", "Show the trainings that an experiment needs, in order, with steps and hours.")
        {
            recipe, overlay, set, run, only, jobs, device,
        };
        command.Validators.Add(result =>
        {
            if (result.GetValue(run) && result.GetValue(jobs))
                result.AddError("give --run or --jobs, not both");
            if (result.GetResult(only) is not null && !result.GetValue(run))
                result.AddError("--only belongs to --run");
        });
        command.SetAction((parsed, cancellation) => Task.Run(() =>
        {
            var plan = LabPlan.Of(LabRecipe.Load(parsed.GetRequiredValue(recipe), parsed.GetValue(overlay), parsed.GetValue(set)), RecipeIndex.Here());
            var output = parsed.InvocationConfiguration.Output;
            if (parsed.GetValue(jobs))
                PrintJobs(output, plan);
            else if (parsed.GetValue(only) is null)
                Print(output, plan);

            string[] data = [.. plan.MissingData];
            foreach (string missing in plan.Unknown.Concat(data).Concat(plan.MissingSets))
                parsed.InvocationConfiguration.Error.WriteLine($"unpress: {Printable.Of(missing)}");
            if (plan.Unknown.Count > 0 || (data.Length > 0 && parsed.GetValue(run)))
                return ExitCodes.SomeInputsFailed;
            return parsed.GetValue(run) ? Train(parsed, Chosen(plan, parsed.GetValue(only)), parsed.GetRequiredValue(device), cancellation) : ExitCodes.Ok;
        }));
        return command.WithExamples(
            "unpress lab plan lab/papers/multi-enhancement-table-1.yaml --overlay small",
            "unpress lab plan lab/papers/multi-enhancement-table-1.yaml --overlay small --run",
            "unpress lab plan lab/papers/multi-enhancement-table-1.yaml --overlay small --run --only 3 # one of them");
    }

    private static void Print(TextWriter output, LabPlan plan)
    {
        if (plan.Trainings.All(training => training.IsDone))
        {
            output.WriteLine(plan.Trainings.Count == 0 ? "no training is needed" : $"all {plan.Trainings.Count} trainings are done");
            return;
        }

        double speed = TrainingSpeed.Measure();
        var total = TimeSpan.Zero;
        for (int k = 0; k < plan.Trainings.Count; k++)
        {
            var training = plan.Trainings[k];
            var left = training.IsDone ? TimeSpan.Zero : training.Left(speed);
            total += left ?? TimeSpan.Zero;
            string state = training.IsDone ? "done" : training.Done > 0 ? Invariant($"{training.Done:N0} steps done, about {Time(left)} left") : Invariant(
                $"about {Time(left)}");
            output.WriteLine(Invariant($"{k + 1,3}  {training.Steps:N0} steps, {state}"));
            output.WriteLine(Printable.Of($"     {training.Use.Command}"));
        }

        output.WriteLine($"about {Time(total)} in all: the generators' operations at {Invariant($"{speed / 1e9:F0}")} GMAC/s, measured just now");
    }

    /// <summary>A shell passes over what stands behind #.</summary>
    private static void PrintJobs(TextWriter output, LabPlan plan)
    {
        var all = plan.Trainings.ToList();
        foreach (var job in all.Where(training => !training.IsDone))
        {
            string after = string.Join(',', job.After.Where(other => !other.IsDone).Select(other => all.IndexOf(other) + 1));
            output.WriteLine($"{job.Use.Command} # {all.IndexOf(job) + 1}{(after.Length > 0 ? $" after {after}" : "")}");
        }
    }

    /// <summary>All trainings, or the one of a number, which must be able to begin.</summary>
    private static IReadOnlyList<PlannedTraining> Chosen(LabPlan plan, int? only)
    {
        if (only is not { } number)
            return plan.Trainings;
        if (number > plan.Trainings.Count)
            throw new ArgumentException($"--only {number}: the plan has {plan.Trainings.Count} trainings");
        var training = plan.Trainings[number - 1];
        return training.After.FirstOrDefault(other => !other.IsDone) is { } missing
            ? throw new ArgumentException($"--only {number}: it begins with the weights of another training, which is not done: {missing.Use.Command}")
            : [training];
    }

    private static int Train(ParseResult parsed, IEnumerable<PlannedTraining> trainings, string device, CancellationToken cancellation)
    {
        foreach (var training in trainings.Where(training => !training.IsDone))
        {
            var options = new TrainingOptions { Device = Devices.Find(device), Cache = TrainCommand.DefaultCache(), Resume = training.Done > 0 };
            int code = TrainCommand.Run(TrainCommand.ViewOf(parsed, json: false), training.Use.Load(), only: null, output: null, options, cancellation);
            if (code != ExitCodes.Ok)
                return code;
        }

        return ExitCodes.Ok;
    }

    private static string Time(TimeSpan? time) => time switch
    {
        null => "an unknown time",
        { TotalMinutes: < 1.5 } => "a minute",
        { TotalHours: < 1 } => Invariant($"{time.Value.TotalMinutes:F0} minutes"),
        { TotalDays: < 3 } => Invariant($"{time.Value.TotalHours:F1} hours"),
        _ => Invariant($"{time.Value.TotalDays:N0} days"),
    };

    private static string Invariant(FormattableString text) => text.ToString(CultureInfo.InvariantCulture);
}
