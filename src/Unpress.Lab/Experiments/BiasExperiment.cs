using Unpress.Lab.Recipes;
using Unpress.Lab.Results;
using Unpress.Metrics;

namespace Unpress.Lab.Experiments;

/// <summary>
/// Whether enhanced pictures sit nearer to the compressed ones than they should ("Mitigating the Enhancement Bias", CVPR 2024): realism scores of
/// trained discriminators on raw, compressed and enhanced pictures, and the triangle of distances between the three.
/// </summary>
public sealed class BiasExperiment : IExperiment
{
    public string Name => "bias";

    public string Summary => "realism scores of discriminators; the triangle of raw, compressed and enhanced, and its deviation";

    public LabRecipe Complete(LabRecipe recipe) => recipe.Bias is null ? recipe with { Bias = new BiasSection() } : recipe;

    IReadOnlyList<LabMeasure> IExperiment.Measures(LabRecipe recipe) =>
    [
        .. LabMeasure.Against(recipe.Metrics),
        .. LabMeasure.OfPictures(recipe.Metrics).Where(metric => metric is not INoReferenceMetric).Select(ToCompressed),
        .. recipe.Bias!.Features is { } features ? FeatureDistance.Of(features) : [],
        .. recipe.Bias.Discriminators.Select(section => RealismScore.Of(section, recipe.Bias.Crop)),
    ];

    IReadOnlyList<ISetMeasure> IExperiment.SetMeasures(LabRecipe recipe) => FeatureMeasure.Of(recipe.Metrics, toCompressed: true);

    /// <summary>The third side of the triangle: compressed to enhanced.</summary>
    private static LabMeasure ToCompressed(IMetric metric)
    {
        var facts = MetricFacts.Of(metric);
        return new(
            facts with { Name = DomainTriangle.ToCompressed(metric.Name), Summary = $"{facts.Summary}; to the compressed picture", Neither = true },
            trio => metric.Measure(trio.Compressed, trio.Image),
            enhancer => enhancer is not (Figure.Raw or Figure.Compressed));
    }
}
