using System.Globalization;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using Unpress.Data;
using Unpress.Degradations;
using Unpress.Imaging;
using Unpress.Lab.Experiments;
using Unpress.Lab.Recipes;
using Unpress.Losses;
using Unpress.Models;
using Unpress.Networks;
using Unpress.Networks.Profiling;
using Unpress.Recipes;
using Unpress.Training;

namespace Unpress.Lab.Planning;

/// <summary>
/// The trainings that stand before an experiment, in an order in which each finds the weights it begins with. A weight file <c>runs/NAME/model.safetensors</c>
/// is made by the recipe that the enhancer's <c>training</c> names, or by one of <see cref="RecipeIndex"/>.
/// </summary>
public sealed partial class LabPlan
{
    private readonly RecipeIndex _index;
    private readonly List<PlannedTraining> _trainings = [];
    private readonly List<string> _unknown = [];
    private readonly HashSet<string> _seen = new(StringComparer.Ordinal);

    private LabPlan(RecipeIndex index) => _index = index;

    public IReadOnlyList<PlannedTraining> Trainings => _trainings;

    /// <summary>Files that are missing and that no recipe is known to make, one line each.</summary>
    public IReadOnlyList<string> Unknown => _unknown;

    /// <summary>Folders of pictures that are not there and that the trainings yet to be done read, one line each.</summary>
    public IEnumerable<string> MissingData => _trainings.Where(training => !training.IsDone).SelectMany(training => training.Stages)
        .SelectMany(stage => DataOf(stage.Recipe)).Where(folder => !Directory.Exists(folder)).Distinct()
        .Select(folder => $"{folder}: no such folder, and trainings read it; unpress data prepare lays sets out, its --mirror compresses them");

    /// <summary>The same of the sets that the experiment measures on.</summary>
    public IReadOnlyList<string> MissingSets { get; private init; } = [];

    /// <exception cref="RecipeException">A recipe that is needed is wrong.</exception>
    public static LabPlan Of(LabRecipe recipe, RecipeIndex index)
    {
        var plan = new LabPlan(index)
        {
            MissingSets = [.. recipe.Sets.Where(set => !Directory.Exists(set.Folder)).Select(set => $"{set.Folder}: no such folder; {LabPicture.IsSet(set)}")],
        };
        var compressions = PictureCompression.All(recipe.Compression);
        foreach (var enhancer in recipe.Enhancers.Where(enhancer => enhancer.Model is not null))
        {
            foreach (var compression in compressions.Select(one => (PictureCompression?)one).DefaultIfEmpty(null))
                plan.Add(Filled(enhancer.Model!, compression), enhancer.Training is { } training ? Use(training, compression) : null);
        }

        foreach (var discriminator in recipe.Bias?.Discriminators ?? [])
            plan.Add(RunFolder.ModelIn(discriminator.Checkpoint), null);
        if (recipe.Bias?.Features is { } features)
            plan.Add(features.Weights, null);
        return plan;
    }

    /// <summary>
    /// The models of an experiment whose trainings have not ended, one line each: a training leaves weights with its first checkpoint.
    /// </summary>
    public static IEnumerable<string> Unfinished(LabRecipe recipe)
    {
        var compressions = PictureCompression.All(recipe.Compression);
        foreach (string model in recipe.Enhancers.Select(enhancer => enhancer.Model).OfType<string>().Where(model => RecipeIndex.RunOf(model) is not null)
            .SelectMany(model => compressions.Select(compression => Filled(model, compression)).DefaultIfEmpty(model)).Distinct())
        {
            var folder = new RunFolder(Path.GetDirectoryName(Path.GetFullPath(model))!);
            if (folder.Checkpoints() is [.., var last] && File.Exists(folder.Recipe) && Recipe.Load(folder.Recipe).Steps is var steps && last.Step < steps)
                yield return FormattableString.Invariant($"{model}: measured in the middle of its training, after {last.Step:N0} of {steps:N0} steps");
        }
    }

    /// <summary>Adds what makes a file, after what that needs itself.</summary>
    private void Add(string file, RecipeUse? use)
    {
        if (!_seen.Add(Path.GetFullPath(file)))
            return;
        use ??= _index.RecipeOf(file);
        if (use is null)
        {
            if (RecipeIndex.RunOf(file) is not null && !File.Exists(file))
                _unknown.Add($"{file}: no recipe in recipes/ makes it");
            else if (RecipeIndex.RunOf(file) is null && ModelIsMissing(file))
                _unknown.Add($"{file}: is no weight file of a training, and it is not there");
            return;
        }

        var stages = TrainingStage.Plan(use.Load(), output: null);
        if (!stages.Any(stage => stage.Folder.Model == Path.GetFullPath(file)))
        {
            _unknown.Add($"{file}: {use.Command} leaves {string.Join(", ", stages.Select(stage => Path.GetRelativePath(".", stage.Folder.Model)))} instead");
            return;
        }

        var own = stages.Select(stage => stage.Folder.Model).ToHashSet(StringComparer.Ordinal);
        _seen.UnionWith(own);
        string[] needs = [.. stages.SelectMany(Needs).Where(needed => !own.Contains(Path.GetFullPath(needed)))];
        foreach (string needed in needs)
            Add(needed, null);
        var models = needs.Select(Path.GetFullPath).ToHashSet(StringComparer.Ordinal);
        _trainings.Add(new PlannedTraining(use, stages)
        {
            After = [.. _trainings.Where(other => other.Stages.Any(stage => models.Contains(stage.Folder.Model)))],
        });
    }

    // Whatever the recipe says of weights of other runs: where it begins, parts, features of losses.
    private static IEnumerable<string> Needs(TrainingStage stage)
        => Weights().Matches(stage.Recipe.ToYaml()).Select(match => match.Value).Distinct();

    private static IEnumerable<string> DataOf(Recipe recipe)
    {
        var copies = recipe.Data.Paired ? DegradationList.Create(recipe.Data.Degradation, encodes: false).Copies : null;
        foreach (var folder in recipe.Data.Folders.Where(folder => folder.DeadLeaves is null))
        {
            yield return folder.Path;
            if (folder.Copies is not { } pattern || copies is null)
                continue;
            foreach (int setting in copies.Settings.List)
                yield return CompressedPairs.FolderOf(pattern, copies.Codec, setting);
        }
    }

    private static bool ModelIsMissing(string file)
    {
        try
        {
            return !File.Exists(ModelFinder.Find(file));
        }
        catch (MissingToolException)
        {
            return true;
        }
    }

    private static RecipeUse Use(TrainingSection training, PictureCompression? compression)
        => new(training.Recipe, [.. training.Overlays.Select(overlay => Filled(overlay, compression))],
            [.. training.Set.Select(set => Filled(set, compression))]);

    private static string Filled(string text, PictureCompression? compression) => compression is null ? text : LabEnhancer.Filled(text, compression);

    [GeneratedRegex(@"[^\s'""]*runs/[^/\s'""]+/model\.safetensors")]
    private static partial Regex Weights();
}

/// <summary>A training of a plan: one recipe with all its stages.</summary>
public sealed record PlannedTraining(RecipeUse Use, IReadOnlyList<TrainingStage> Stages)
{
    // A step computes the gradients of activations and of weights besides the pass forward.
    private const double PassesOfStep = 3;

    /// <summary>Those whose weights it begins with.</summary>
    public IReadOnlyList<PlannedTraining> After { get; init; } = [];

    public long Steps => Stages.Sum(stage => stage.Recipe.Steps);

    /// <summary>Steps that checkpoints hold already.</summary>
    public long Done => Stages.Sum(StepsDone);

    public bool IsDone => Stages.All(stage => StepsDone(stage) >= stage.Recipe.Steps);

    /// <summary>Multiply-accumulates of all steps of the generator, from its count for one picture; null where they cannot be counted.</summary>
    public double? Operations
    {
        get
        {
            double sum = 0;
            foreach (var (recipe, _) in Stages)
            {
                if (OperationsOf(recipe) is not { } step)
                    return null;
                sum += step * recipe.Steps;
            }

            return sum;
        }
    }

    /// <summary>What is left of the time, at so many multiply-accumulates a second; null where they cannot be counted.</summary>
    public TimeSpan? Left(double speed) => Operations is { } all ? TimeSpan.FromSeconds(all / speed * (1 - ((double)Done / Steps))) : null;

    private static long StepsDone(TrainingStage stage)
        => !Directory.Exists(stage.Folder.Path) ? 0
            : File.Exists(stage.Folder.Model) && stage.Folder.Checkpoints() is [.., var last] ? Math.Min(last.Step, stage.Recipe.Steps) : 0;

    private static double? OperationsOf(Recipe recipe)
    {
        try
        {
            JsonObject options = recipe.Network.Options.ToJson();
            double whole = NetworkProfile.Of(NetworkCatalog.Find(recipe.Network.Type), options).Layers.Work.True;
            double share = (double)recipe.Data.Patch.Size * recipe.Data.Patch.Size / (NetworkProfile.UsualSide * NetworkProfile.UsualSide);
            int passes = 1 + recipe.Objective.Sum(term => LossCatalog.All.FirstOrDefault(loss => loss.Name == term.Loss)?.Passes ?? 0);
            return whole * share * recipe.Data.Batch * PassesOfStep * passes;
        }
        catch (Exception error) when (error is ArgumentException or UnpressException)
        {
            return null;
        }
    }
}
