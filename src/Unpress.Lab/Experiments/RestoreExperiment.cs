using Unpress.Lab.Recipes;

namespace Unpress.Lab.Experiments;

/// <summary>The table of every paper on compression damage: originals are compressed, measured, enhanced once, and measured again.</summary>
public sealed class RestoreExperiment : IExperiment
{
    public string Name => "restore";

    public string Summary => "metrics before and after one enhancement, sets by codecs and settings";
}

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

/// <summary>
/// Rate against quality: the same measurements as "restore" over four settings or more of each codec, so that curves can be drawn through them and
/// the space between two curves can be given as a number.
/// </summary>
public sealed class RateExperiment : IExperiment
{
    /// <summary>A cubic through fewer points is none.</summary>
    private const int FewestSettings = 4;

    public string Name => "rate";

    public string Summary => "bits per pixel against every metric, per codec; BD-BR and BD-PSNR";

    public IEnumerable<string> Faults(LabRecipe recipe) =>
        from compression in recipe.Compression
        where compression.Settings.Distinct().Count() < FewestSettings
        select $"compression: {compression.Codec} has fewer than {FewestSettings} settings, which make no curve";
}
