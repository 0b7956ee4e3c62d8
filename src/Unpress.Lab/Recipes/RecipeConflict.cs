using Unpress.Imaging;
using Unpress.Recipes;

namespace Unpress.Lab.Recipes;

/// <summary>
/// Whether a run may go on under another recipe. More pictures, settings, enhancers, metrics or cycles are welcome: their figures are added. What
/// decides figures that are already there must be as it was.
/// </summary>
internal static class RecipeConflict
{
    /// <exception cref="InvalidFileException">Something that decides figures is another than in the folder's run.</exception>
    public static void Refuse(LabRecipe before, LabRecipe now, string folder)
    {
        var (old, current) = (Facts(before), Facts(now));
        foreach (var (what, text) in current)
        {
            if (old.TryGetValue(what, out string? other) && other != text)
                throw new InvalidFileException(folder, $"holds figures made with another {what}; choose another folder with --output");
        }
    }

    private static Dictionary<string, string> Facts(LabRecipe recipe)
    {
        var facts = new Dictionary<string, string> { ["gray"] = $"{recipe.Gray}" };
        foreach (var set in recipe.Sets)
            facts[$"set {set.Name}"] = RecipeWriter.ToYaml(set with { First = null });
        foreach (var compression in recipe.Compression)
            facts[$"{compression.Codec} subsampling"] = $"{compression.Subsampling}";
        foreach (var enhancer in recipe.Enhancers)
            facts[$"enhancer {enhancer.Name}"] = RecipeWriter.ToYaml(enhancer with { Timeout = 1 });
        foreach (var discriminator in recipe.Bias?.Discriminators ?? [])
            facts[$"discriminator {discriminator.Name}"] = $"{RecipeWriter.ToYaml(discriminator)}{recipe.Bias!.Crop}";
        foreach (var model in recipe.Downstream?.Detectors ?? [])
            facts[$"detector {model.Name}"] = RecipeWriter.ToYaml(model with { PerClass = false });
        foreach (var model in recipe.Downstream?.Segmenters ?? [])
            facts[$"segmenter {model.Name}"] = RecipeWriter.ToYaml(model with { PerClass = false });
        foreach (var annotations in recipe.Downstream?.Annotations ?? [])
            facts[$"annotation of {annotations.Set}"] = RecipeWriter.ToYaml(annotations);
        if (recipe.Efficiency is { } efficiency)
            facts["way of timing"] = RecipeWriter.ToYaml(efficiency with { Networks = [] });
        if (recipe.Bias?.Features is { } features)
            facts["set of features"] = RecipeWriter.ToYaml(features);
        if (recipe.Candidates is { } candidates)
            facts["way of making candidates"] = RecipeWriter.ToYaml(candidates with { Noise = [0] });
        if (recipe.Cycle is { } cycle)
        {
            facts["way of repeating"] = RecipeWriter.ToYaml(cycle with { Cycles = 2, Draws = 1 });
            // Draws depend on all that they are drawn from.
            if (cycle.Case != CycleCase.Same)
                facts["list of enhancers to draw from"] = string.Join(", ", recipe.Enhancers.Select(enhancer => enhancer.Name));
            if (cycle.Case == CycleCase.Everything)
                facts["list of settings to draw from"] = string.Join("\n", recipe.Compression.Select(RecipeWriter.ToYaml));
        }

        return facts;
    }
}
