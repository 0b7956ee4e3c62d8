using Unpress.Recipes;

namespace Unpress.Training;

/// <summary>One stage of a training: what it is to do and where it leaves it.</summary>
public sealed record TrainingStage(Recipe Recipe, RunFolder Folder)
{
    /// <summary>
    /// The stages of one training, each beginning with the weights of the one before unless its recipe names others. A training of one stage
    /// has <paramref name="output"/> for its folder (default runs/NAME); of several, each has a folder of its own in there.
    /// </summary>
    public static IEnumerable<TrainingStage> Plan(IReadOnlyList<Recipe> recipes, string? output)
    {
        string? weights = null;
        foreach (var recipe in recipes)
        {
            string path = output is null ? Path.Combine("runs", recipe.Name) : recipes.Count == 1 ? output : Path.Combine(output, recipe.Name);
            var folder = new RunFolder(path);
            yield return new TrainingStage(recipe with { InitFrom = recipe.InitFrom ?? weights }, folder);
            weights = folder.Model;
        }
    }
}
