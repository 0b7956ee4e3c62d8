using Unpress.Networks;
using Unpress.Recipes;
using Unpress.Torch.Weights;

namespace Unpress.Training;

/// <summary>Fills a fresh network with what the recipe names: a whole model, then parts of others.</summary>
internal static class InitialWeights
{
    /// <exception cref="WeightsFormatException">A file does not fit.</exception>
    /// <exception cref="RecipeException">A file is absent.</exception>
    public static void Fill(Network network, Recipe recipe)
    {
        if (recipe.InitFrom is { } path and not Recipe.Fresh)
        {
            using var file = Open(path);
            network.StateDict().Load(file.Tensors, path);
        }

        foreach (var part in recipe.InitParts)
        {
            using var file = Open(part.File);
            var taken = file.Tensors
                .Where(tensor => tensor.Name.StartsWith(part.From, StringComparison.Ordinal))
                .Select(tensor => tensor.Renamed(part.To + tensor.Name[part.From.Length..]));
            network.StateDict().Where(entry => entry.Name.StartsWith(part.To, StringComparison.Ordinal)).Load(taken, part.File);
        }
    }

    private static WeightFile Open(string path)
        => File.Exists(path)
            ? WeightFile.Open(path)
            : throw new RecipeException([$"initFrom: {path} does not exist; train the recipe that makes it, or name other weights with --set initFrom=FILE"]);
}
