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
        var overlay = new Option<string[]>("--overlay") { Description = "Use an overlay of the recipe; may be repeated." };
        var set = new Option<string[]>("--set") { Description = "Change one value; may be repeated." };
        var run = new Option<bool>("--run") { Description = "Run the trainings one after the other; a training that was stopped continues from its last checkpoint." };
        var jobs = new Option<bool>("--jobs") { Description = "Print only the commands, one on each line, for a job array." };
        var device = new Option<string>("--device") { Description = "Device of the trainings: auto, cpu or cuda.", DefaultValueFactory = _ => "auto" };
        device.AcceptOnlyFromAmong("auto", "cpu", "cuda");
        var command = new Command("plan", "Show the trainings that an experiment needs, in order, with steps and hours.") { recipe, overlay,
            set, run, jobs, device };
        command.Validators.Add(result =>
        {
            if (result.GetValue(run) && result.GetValue(jobs))
                result.AddError("give --run or --jobs, not both");
        });
        command.SetAction((parsed, cancellation) => Task.Run(() =>
        {
            var plan = LabPlan.Of(LabRecipe.Load(parsed.GetRequiredValue(recipe), parsed.GetValue(overlay), parsed.GetValue(set)), RecipeIndex.Here());
            var output = parsed.InvocationConfiguration.Output;
            if (parsed.GetValue(jobs))
            {
                foreach (var training in plan.Trainings.Where(training => !training.IsDone))
                    output.WriteLine(training.Use.Command);
            }
            else
            {
                Print(output, plan);
            }

            foreach (string unknown in plan.Unknown)
                parsed.InvocationConfiguration.Error.WriteLine($"unpress: {Printable.Of(unknown)}");
            if (plan.Unknown.Count > 0)
                return ExitCodes.SomeInputsFailed;
            return parsed.GetValue(run) ? Train(parsed, plan, parsed.GetRequiredValue(device), cancellation) : ExitCodes.Ok;
        }));
        return command.WithExamples(
            "unpress lab plan lab/papers/multi-enhancement-table-1.yaml --overlay small",
            "unpress lab plan lab/papers/multi-enhancement-table-1.yaml --overlay small --run");
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

    private static int Train(ParseResult parsed, LabPlan plan, string device, CancellationToken cancellation)
    {
        foreach (var training in plan.Trainings.Where(training => !training.IsDone))
        {
            var options = new TrainingOptions { Device = Devices.Find(device), Cache = TrainCommand.DefaultCache(), Resume = training.Done > 0 };
            int code = TrainCommand.Run(ResultConsole.ForError(parsed), training.Use.Load(), only: null, output: null, options, cancellation);
            if (code != ExitCodes.Ok)
                return code;
        }

        return ExitCodes.Ok;
    }

    private static string Time(TimeSpan? time) => time switch
    {
        null => "an unknown time",
        { TotalMinutes: < 1 } => "a minute",
        { TotalHours: < 1 } => Invariant($"{time.Value.TotalMinutes:F0} minutes"),
        { TotalDays: < 3 } => Invariant($"{time.Value.TotalHours:F1} hours"),
        _ => Invariant($"{time.Value.TotalDays:N0} days"),
    };

    private static string Invariant(FormattableString text) => text.ToString(CultureInfo.InvariantCulture);
}
