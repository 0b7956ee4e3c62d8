using Unpress.Lab.Recipes;

namespace Unpress.Lab.Experiments;

/// <summary>
/// Whether machines see in restored pictures what they see in the originals (DAGN, TIP 2024, table IV): average precision of detectors and mean
/// intersection over union of segmenters, on raw, compressed and enhanced pictures.
/// </summary>
public sealed class DownstreamExperiment : IExperiment
{
    public string Name => "downstream";

    public string Summary => "what detectors and segmenters (ONNX) see in raw, compressed and enhanced pictures";

    public IEnumerable<string> Faults(LabRecipe recipe)
    {
        if (recipe.Downstream is not { } downstream)
        {
            yield return "the section 'downstream' is missing: it names detectors or segmenters";
            yield break;
        }

        foreach (var annotations in downstream.Annotations)
        {
            var set = recipe.Sets.FirstOrDefault(set => set.Name == annotations.Set);
            if (set is null)
                yield return $"'{annotations.Set}' is no set of the recipe";
            if (set?.Crop is not null)
                yield return $"set {set.Name} has a crop, where annotations no longer fit";
        }
    }

    IReadOnlyList<ISetMeasure> IExperiment.SetMeasures(LabRecipe recipe) =>
    [
        .. FeatureMeasure.Of(recipe.Metrics, toCompressed: false),
        .. recipe.Downstream!.Detectors.Select(detector => DetectorMeasure.Open(detector, recipe.Downstream.Annotations)),
        .. recipe.Downstream.Segmenters.Select(segmenter => SegmenterMeasure.Open(segmenter, recipe.Downstream.Annotations)),
    ];
}
