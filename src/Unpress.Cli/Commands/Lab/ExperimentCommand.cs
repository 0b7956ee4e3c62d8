using System.CommandLine;
using Spectre.Console;
using Unpress.Files;
using Unpress.Inference;
using Unpress.Lab;
using Unpress.Lab.Experiments;
using Unpress.Lab.Planning;
using Unpress.Lab.Recipes;
using Unpress.Lab.Results;

namespace Unpress.Cli.Commands.Lab;

/// <summary>One experiment as a command: <c>unpress lab cycle recipe.yaml</c>.</summary>
internal static class ExperimentCommand
{
    public static Command Create(IExperiment experiment)
    {
        var recipe = new Argument<string>("recipe") { Description = "Recipe file (YAML); those of the papers' tables are in lab/." };
        var output = new Option<string?>("--output", "-o")
        {
            Description = "Folder of the run; results that it contains are not measured again [default: runs/lab/NAME].",
        };
        var overlay = new Option<string[]>("--overlay") { Description = "Use an overlay of the recipe; may be repeated." };
        var set = new Option<string[]>("--set") { Description = "Change one value: --set cycle.cycles=10; may be repeated." };
        var model = new Option<string[]>("--model") { Description = "Add an enhancer: a model in the models folder, or a .safetensors file; may be repeated." };
        var external = new Option<string[]>("--external")
        {
            Description = "Add an enhancer: a command with {in} and {out} for the PNG to read and the one to write; may be repeated.",
            HelpName = "CMD",
        };
        var shard = new Option<string?>("--shard")
        {
            Description = "Measure part i of n of the pictures, as 3/8, or auto, as 'enhance' does; the folder is NAME.3-of-8, and 'unpress merge' joins all.",
            HelpName = "I/N",
        };
        var device = DeviceOption.Create();
        var command = new Command(experiment.Name, Sentence(experiment.Summary)) { recipe, output, overlay, set, model, external, device };
        if (experiment.OnPictures)
            command.Add(shard);
        // On a thread of its own: Ctrl-C must get through while a network is at work.
        command.SetAction((parsed, cancellation) => Task.Run(() =>
        {
            var loaded = LabRecipe.Load(parsed.GetRequiredValue(recipe), parsed.GetValue(overlay), parsed.GetValue(set));
            loaded = loaded with
            {
                Enhancers = Named(loaded.Enhancers, (parsed.GetValue(model) ?? []).Select(Model).Concat((parsed.GetValue(external) ?? []).Select(External))),
            };
            string whole = parsed.GetValue(output) ?? Path.Combine("runs", "lab", loaded.Name);
            var part = experiment.OnPictures && parsed.GetValue(shard) is { } text ? Shard.Parse(text, Environment.GetEnvironmentVariable) : null;
            var folder = new LabFolder(part is null ? whole : LabMerge.NameOf(whole, part));
            string words = string.Join(' ', parsed.Tokens.Select(token => Quoted(token.Value)).Prepend("unpress"));
            var figures = LongTask.Run(
                parsed, $"{experiment.Name}: {loaded.Name}", step =>
                    LabRunner.Run(experiment, loaded, folder, words, step, cancellation, parsed.GetRequiredValue(device), part));
            LabPrinter.Print(ResultConsole.For(parsed), folder.ReadFacts(), figures);
            string[] errors = [.. figures.Where(figure => figure.Error is not null)
                .GroupBy(figure => (figure.Set, figure.Picture, figure.Error)).Select(Describe)];
            foreach (string error in errors)
                parsed.InvocationConfiguration.Error.WriteLine($"unpress: {error}");
            foreach (string unfinished in LabPlan.Unfinished(loaded))
                parsed.InvocationConfiguration.Error.WriteLine($"unpress: {Printable.Of(unfinished)}");
            parsed.InvocationConfiguration.Output.WriteLine(Printable.Of($"unpress lab report {Quoted(Path.GetRelativePath(".", folder.Path))} makes a page of it"));
            return errors.Length > 0 ? ExitCodes.SomeInputsFailed : ExitCodes.Ok;
        }));
        return command.WithLimits().WithExamples(
            $"unpress lab {experiment.Name} lab/{experiment.Name}.yaml");
    }

    /// <summary>Those of the recipe, and more: a name that is taken gets a number, so that two runs of one program are two rows.</summary>
    private static List<EnhancerSection> Named(IReadOnlyList<EnhancerSection> ofRecipe, IEnumerable<EnhancerSection> more)
    {
        List<EnhancerSection> all = [.. ofRecipe];
        foreach (var section in more)
        {
            var names = Enumerable.Range(2, all.Count + 1).Select(number => $"{section.Name}-{number}").Prepend(section.Name);
            all.Add(section with { Name = names.First(name => all.TrueForAll(other => other.Name != name)) });
        }

        return all;
    }

    /// <summary>Trainings call their result <c>RUN/model.safetensors</c>: the run says which one it is.</summary>
    private static EnhancerSection Model(string model)
    {
        string name = Path.GetFileNameWithoutExtension(model);
        string? run = name == "model" ? Path.GetFileName(Path.GetDirectoryName(Path.GetFullPath(model))) : null;
        return new EnhancerSection { Name = run is { Length: > 0 } ? run : name, Model = model };
    }

    private static EnhancerSection External(string command) => new()
    {
        Name = Path.GetFileNameWithoutExtension(command.Split(' ', 2)[0].Trim('"', '\'')),
        Command = ExternalEnhancer.Fault(command) is { } fault ? throw new ArgumentException(fault) : command,
    };

    /// <summary>One line, however many metrics and systems say the same of a picture.</summary>
    private static string Describe(IEnumerable<Figure> alike)
    {
        var first = alike.First();
        int others = alike.DistinctBy(figure => (figure.Codec, figure.Setting, figure.Enhancer, figure.Cycle)).Count() - 1;
        return $"{first.Set}/{first.Picture}, {first.Codec} {first.Setting}, {first.Enhancer}, cycle {first.Cycle}{(others == 0 ? "" : $" and {others} more")}: {first.Error}";
    }

    private static string Sentence(string text) => $"{char.ToUpperInvariant(text[0])}{text[1..]}.";

    private static string Quoted(string word) => word.Contains(' ', StringComparison.Ordinal) ? $"'{word}'" : word;
}
