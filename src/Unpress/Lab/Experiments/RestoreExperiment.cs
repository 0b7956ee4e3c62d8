using Unpress.Lab.Recipes;

namespace Unpress.Lab.Experiments;

/// <summary>The table of every paper on compression damage: originals are compressed, measured, enhanced once, and measured again.</summary>
public sealed class RestoreExperiment : IExperiment
{
    public string Name => "restore";

    public string Summary => "metrics before and after one enhancement, sets by codecs and settings";

    public IEnumerable<string> Faults(LabRecipe recipe) =>
        recipe.Cycle is null ? [] : ["'cycle' is for the experiment cycle"];

    IReadOnlyList<LabMeasure> IExperiment.Measures(LabRecipe recipe) => LabMeasure.Against(recipe.Metrics);

    void IExperiment.Run(LabSession session, CancellationToken cancellation) =>
        new ChainRunner(session, new ChainPlan(session.Recipe, session.Enhancers)).Run(cancellation);
}
