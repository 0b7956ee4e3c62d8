using Unpress.Data;
using Unpress.Imaging;
using Unpress.Lab.Results;
using Unpress.Losses;
using Unpress.Torch;

namespace Unpress.Lab.Experiments;

/// <summary>
/// Two sides of the triangle in features: what the perceptual and the divergence loss compare. Where the published weights of LPIPS cannot be
/// had, the only distance that is not one of pixels.
/// </summary>
internal static class FeatureDistance
{
    private const string Name = "features";

    /// <summary>To the original, and from compressed to enhanced pictures.</summary>
    /// <exception cref="Unpress.Recipes.RecipeException">The weights are absent or do not fit.</exception>
    public static IEnumerable<LabMeasure> Of(FeatureOptions options)
    {
        var source = FeatureSource.Open(options);
        var distance = source.Distance(options);
        string contract = $"{options.Measure} distance at {string.Join(", ", options.Layers.Select(layer => layer.Name))}; {source.Description}";
        var facts = new MetricFacts(Name, "Distance of features", Higher: false, Unit: "", Decimals: 4, contract);
        yield return new LabMeasure(facts, trio => Between(distance, trio.Original, trio.Image), enhancer => enhancer != Figure.Raw);
        yield return new LabMeasure(
            facts with { Name = DomainTriangle.ToCompressed(Name), Summary = $"{facts.Summary}; to the compressed picture", Neither = true },
            trio => Between(distance, trio.Compressed, trio.Image),
            enhancer => enhancer is not (Figure.Raw or Figure.Compressed));
    }

    private static double Between(PerceptualDistance distance, ImageBuffer a, ImageBuffer b)
    {
        using var noGrad = Autograd.NoGrad();
        using var scope = TensorScope.Enter();
        return distance.PerImage(Read(a), Read(b)).Item();
    }

    private static Tensor Read(ImageBuffer image) => ImageTensor.Read(image, PixelArea.Of(image.Width, image.Height), 0, image.ColourBands);
}
