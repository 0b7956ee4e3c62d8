using System.Globalization;
using Unpress.Lab.Recipes;
using Unpress.Metrics;

namespace Unpress.Lab.Experiments;

/// <summary>
/// Several answers of one-to-many networks to each picture (Guo and Chao, CVPR 2017): how far they differ by the scale of the noise, whether they
/// agree with the JPEG, and whether the grid shows that shift-and-average is there to remove.
/// </summary>
public sealed class CandidatesExperiment : IExperiment
{
    public string Name => "candidates";

    public string Summary => "several answers of one-to-many networks: how far apart, inside the JPEG's cells, traces of a grid";

    public LabRecipe Complete(LabRecipe recipe) => recipe.Candidates is null ? recipe with { Candidates = new CandidatesSection() } : recipe;

    public IEnumerable<string> Faults(LabRecipe recipe)
    {
        foreach (string metric in recipe.Metrics.Where(MetricCatalog.IsOfSets))
            yield return $"metrics: {metric} is of whole sets, candidates are measured picture by picture";
        foreach (var compression in recipe.Compression.Where(one => one.Codec != "jpeg"))
            yield return $"compression: {compression.Codec} has no quantisation cells, only jpeg has";
        foreach (var enhancer in recipe.Enhancers.Where(one => one.Command is not null))
            yield return $"enhancers: {enhancer.Name} is a program, which has one answer";
    }

    IReadOnlyList<LabMeasure> IExperiment.Measures(LabRecipe recipe) => [.. CandidateMeasures.Of(recipe.Metrics)];

    IReadOnlyList<ISetMeasure> IExperiment.SetMeasures(LabRecipe recipe) => [];

    void IExperiment.Run(LabSession session, CancellationToken cancellation) => new CandidatesRunner(session).Run(cancellation);

    /// <summary>A network with a scale of noise, as figures have it.</summary>
    internal static string Label(string enhancer, double noise) => string.Create(CultureInfo.InvariantCulture, $"{enhancer}, z {noise}");
}
