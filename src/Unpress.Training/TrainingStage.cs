using Unpress.Data;
using Unpress.Imaging;
using Unpress.Networks;
using Unpress.Recipes;
using Unpress.Torch;
using Unpress.Torch.Weights;

namespace Unpress.Training;

/// <summary>One stage of a training: what it is to do and where it leaves it.</summary>
public sealed record TrainingStage(Recipe Recipe, RunFolder Folder)
{
    /// <summary>
    /// The stages of one training, each beginning with the weights of the one before unless its recipe names others. A training of one stage
    /// has <paramref name="output"/> for its folder (default runs/NAME); of several, each has a folder of its own in there.
    /// </summary>
    /// <param name="only">The number of the one stage that is wanted, 0 for the first; null for all.</param>
    /// <exception cref="RecipeException">A stage takes weights of one that there is not.</exception>
    public static IReadOnlyList<TrainingStage> Plan(IReadOnlyList<Recipe> recipes, string? output, int? only = null)
    {
        var stages = new List<TrainingStage>();
        string? weights = null;
        for (int k = 0; k < recipes.Count; k++)
        {
            var recipe = recipes[k];
            string path = FolderOf(recipe);
            if (only is null || only == k)
                stages.Add(new TrainingStage(WithWeights(recipe, weights), new RunFolder(path)));
            weights = RunFolder.ModelIn(path);
        }

        return stages;

        Recipe WithWeights(Recipe recipe, string? before) => recipe with
        {
            InitFrom = recipe.InitFrom is { } file ? Found(file, recipe) : before,
            InitParts = [.. recipe.InitParts.Select(part => part with { File = Found(part.File, recipe) })],
        };

        // What another stage of the same training leaves, wherever the training is laid.
        string Found(string file, Recipe recipe)
        {
            if (!file.StartsWith(InitPart.OfStage, StringComparison.Ordinal))
                return file;
            string stage = file[InitPart.OfStage.Length..];
            var other = recipes.FirstOrDefault(one => one.Name.EndsWith($"-{stage}", StringComparison.Ordinal))
                ?? throw new RecipeException(
                    [$"{recipe.Name}: {file}: there is no such stage; there are {string.Join(", ", recipes.Select(one => one.Name))}"]);
            return RunFolder.ModelIn(FolderOf(other));
        }

        string FolderOf(Recipe recipe)
            => output is null ? Path.Combine("runs", recipe.Name) : recipes.Count == 1 ? output : Path.Combine(output, recipe.Name);
    }

    /// <summary>
    /// Whether every stage will be able to begin once those before it are done: the last may be days away. Its parts must go together, and its
    /// pictures and the weights it begins with be there or be made by an earlier stage. No picture is read.
    /// </summary>
    /// <exception cref="RecipeException">The parts of a stage do not go together.</exception>
    /// <exception cref="WeightsFormatException">What an earlier stage leaves does not fit a stage.</exception>
    /// <exception cref="InvalidFileException">A folder of training pictures is absent or empty.</exception>
    /// <exception cref="TrainingException">There are no validation pictures.</exception>
    public static void Check(IReadOnlyList<TrainingStage> stages, Device device)
    {
        if (stages.Count == 1)
            return; // it begins, and so is checked, at once
        var ahead = new Dictionary<string, Network>(StringComparer.Ordinal);
        try
        {
            foreach (var (recipe, folder) in stages)
            {
                var parts = Made(recipe, device, ahead);
                ahead[folder.Model] = parts.Network;
                parts.Gan?.Discriminator.Dispose();
                parts.Randomness.Dispose();
                PackBuilder.Find(recipe.Data.Folders);
                Validator.Of(recipe);
            }
        }
        finally
        {
            foreach (var network in ahead.Values)
                network.Dispose();
        }
    }

    private static TrainingParts Made(Recipe recipe, Device device, Dictionary<string, Network> ahead)
    {
        try
        {
            return new TrainingParts(recipe, device, MemoryFormat.Contiguous, ahead);
        }
        catch (RecipeException error)
        {
            throw new RecipeException([.. error.Faults.Select(fault => $"{recipe.Name}: {fault}")]);
        }
    }
}

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
    ValidationFigures? Validation = null)
{
    /// <summary>Means of the objective's terms since the last report, unweighted, the discriminator's among them.</summary>
    public IReadOnlyList<(string Name, double Value)> Terms { get; init; } = [];

    public TimeSpan Remaining => StepsPerSecond > 0 ? TimeSpan.FromSeconds((Steps - Step) / StepsPerSecond) : TimeSpan.Zero;
}
