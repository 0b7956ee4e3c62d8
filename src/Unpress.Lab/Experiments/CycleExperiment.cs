using Unpress.Lab.Recipes;

namespace Unpress.Lab.Experiments;

/// <summary>
/// What happens to pictures that are enhanced again and again ("Breaking the Multi-Enhancement Bottleneck", section 3): by one enhancer, by several
/// in an order that is drawn, with codecs and settings drawn as well; saved with loss in between where the recipe says so.
/// </summary>
public sealed class CycleExperiment : IExperiment
{
    public string Name => "cycle";

    public string Summary => "enhancing again and again: metrics of each cycle, degradation index";

    public LabRecipe Complete(LabRecipe recipe) => recipe.Cycle is null ? recipe with { Cycle = new CycleSection() } : recipe;

    public IEnumerable<string> Faults(LabRecipe recipe)
    {
        if (recipe.Enhancers.Count == 0)
            yield return "enhancers is empty";
        if (recipe.Cycle is { Case: not CycleCase.Same, Draws: > 1, Recompress.Count: 0 } && recipe.Enhancers.Count == 1)
            yield return "cycle: all draws from a single enhancer are the same; name more enhancers, or draws: 1";
    }
}
