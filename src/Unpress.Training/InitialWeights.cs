using Unpress.Networks;
using Unpress.Recipes;
using Unpress.Torch.Weights;

namespace Unpress.Training;

/// <summary>Fills a fresh network with what the recipe names: a whole model, then parts of others.</summary>
internal static class InitialWeights
{
    /// <param name="ahead">Networks that stand for files that are yet to be made, by full path.</param>
    /// <exception cref="WeightsFormatException">A file does not fit.</exception>
    /// <exception cref="RecipeException">A file is absent.</exception>
    public static void Fill(Network network, Recipe recipe, IReadOnlyDictionary<string, Network>? ahead)
    {
        if (recipe.InitFrom is { } path and not Recipe.Fresh)
            Take(path, ahead, tensors => network.StateDict().Load(tensors, path));

        foreach (var part in recipe.InitParts)
        {
            Take(part.File, ahead, tensors => network.StateDict().Where(entry => entry.Name.StartsWith(part.To, StringComparison.Ordinal)).Load(
                tensors.Where(tensor => tensor.Name.StartsWith(part.From, StringComparison.Ordinal))
                    .Select(tensor => tensor.Renamed(part.To + tensor.Name[part.From.Length..])),
                part.File));
        }
    }

    private static void Take(string path, IReadOnlyDictionary<string, Network>? ahead, Action<IEnumerable<StoredTensor>> fill)
    {
        if (ahead?.GetValueOrDefault(Path.GetFullPath(path)) is { } network)
        {
            fill(network.StateDict().Select(entry => entry.Tensor.ToStored(entry.Name)));
            return;
        }

        if (!File.Exists(path))
            throw new RecipeException([$"initFrom: {path} does not exist; train the recipe that makes it, or name other weights with --set initFrom=FILE"]);
        using var file = WeightFile.Open(path);
        fill(file.Tensors);
    }
}
