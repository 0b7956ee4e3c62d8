using Unpress.Lab.Recipes;

namespace Unpress.Lab.Experiments;

/// <summary>
/// What each part of a method is worth: the measurements of "restore" for models that have a part or have it not, tabled by the parts with their
/// differences to one of them (table 5 of "Mitigating the Enhancement Bias", table V of DAGN).
/// </summary>
public sealed class AblationExperiment : IExperiment
{
    public string Name => "ablation";

    public string Summary => "as restore, for models that differ in parts: tabled by the parts, with differences to a baseline";

    public IEnumerable<string> Faults(LabRecipe recipe)
    {
        if (recipe.Ablation is not { } ablation)
        {
            yield return "the section 'ablation' is missing: it says which enhancers have which parts";
            yield break;
        }

        var known = recipe.Enhancers.Select(enhancer => enhancer.Name).ToHashSet();
        foreach (string name in ablation.Switches.SelectMany(part => part.On).Append(ablation.Baseline).Distinct().Where(name => !known.Contains(name)))
            yield return $"'{name}' is no enhancer of the recipe";
    }
}
