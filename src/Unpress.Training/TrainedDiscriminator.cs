using Unpress.Networks.Discriminators;
using Unpress.Recipes;
using Unpress.Torch.Weights;

namespace Unpress.Training;

/// <summary>The discriminator that a training left in its checkpoint.</summary>
public static class TrainedDiscriminator
{
    private const string Prefix = "discriminator.";

    /// <summary>In evaluation mode, on the CPU.</summary>
    /// <param name="path">A checkpoint, or a run folder, whose newest is taken.</param>
    /// <exception cref="TrainingException">No checkpoint, or of a training without discriminator.</exception>
    /// <exception cref="WeightsFormatException">The file is damaged.</exception>
    public static Discriminator Load(string path)
    {
        string file = path;
        if (Directory.Exists(path))
            file = new RunFolder(path).Checkpoints() is [.., var newest] ? newest.Path : throw new TrainingException($"{path}: holds no checkpoint");
        using var weights = WeightFile.Open(file);
        if (!weights.Metadata.TryGetValue(Checkpoints.RecipeKey, out string? text) || Recipe.Parse(text, file).Discriminator is not { } section)
            throw new TrainingException($"{file}: no checkpoint of a training with a discriminator");
        var discriminator = DiscriminatorCatalog.Find(section.Type).Create(section.Options.ToJson());
        discriminator.StateDict().Select(entry => (Prefix + entry.Name, entry.Tensor)).Load(
            weights.Tensors.Where(tensor => tensor.Name.StartsWith(Prefix, StringComparison.Ordinal)), file);
        discriminator.Eval();
        return discriminator;
    }
}
