using Unpress.Data;
using Unpress.Imaging;
using Unpress.Lab.Recipes;
using Unpress.Lab.Results;
using Unpress.Losses;
using Unpress.Metrics;
using Unpress.Networks.Discriminators;
using Unpress.Recipes;
using Unpress.Torch;
using Unpress.Training;

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
            pictures => metric.Measure(pictures.Compressed, pictures.Image),
            enhancer => enhancer is not (Figure.Raw or Figure.Compressed));
    }
}

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
        yield return new LabMeasure(facts, pictures => Between(distance, pictures.Original, pictures.Image), enhancer => enhancer != Figure.Raw);
        yield return new LabMeasure(
            facts with { Name = DomainTriangle.ToCompressed(Name), Summary = $"{facts.Summary}; to the compressed picture", Neither = true },
            pictures => Between(distance, pictures.Compressed, pictures.Image),
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

/// <summary>
/// Mean probability that a discriminator gives a picture for being photographed, over all whole crops of a grid that starts in the top left corner.
/// A conditional one sees the compressed picture's crop beside each. One of a relativistic game knows no probability of a picture alone: a constant
/// added to its logits changes nothing in the game. It is asked what it was trained for, whether a picture is more real than the other side's: σ(C(x) −
/// mean C(other)), where the other of a compressed or enhanced picture is its original, and of the original the compressed picture.
/// </summary>
internal static class RealismScore
{
    public static LabMeasure Of(DiscriminatorUnderTest section, int side)
    {
        var (discriminator, game) = TrainedDiscriminator.Load(section.Checkpoint);
        bool relative = new GanGame(game).IsRelative;
        var facts = new MetricFacts(
            $"realism-{section.Name}",
            $"Realism score of the discriminator {section.Name}",
            Higher: true,
            Unit: "",
            Decimals: 4,
            $"mean probability {(relative ? "of being more real than the original (of the original: than the compressed picture) " : "")}on crops of {side}×{side}; {(discriminator.Conditional ? "sees the compressed picture too" : "sees the picture alone")}; {section.Checkpoint}");
        return new LabMeasure(facts, pictures => Measure(discriminator, relative, pictures, side), _ => true, discriminator);
    }

    /// <exception cref="IncomparableException">The picture is smaller than a crop, or of other colours than the discriminator knows.</exception>
    private static double Measure(Discriminator discriminator, bool relative, PictureTriple pictures, int side)
    {
        var image = pictures.Image;
        if (Math.Min(image.Width, image.Height) < side)
            throw new IncomparableException($"a realism score takes pictures of {side}x{side} or more, this is {image.Width}x{image.Height}");
        if (image.ColourBands != discriminator.Channels)
            throw new IncomparableException($"the discriminator takes {discriminator.Channels} channels, the picture has {image.ColourBands}");
        using var noGrad = Autograd.NoGrad();
        double against = 0;
        if (relative)
        {
            var other = ReferenceEquals(image, pictures.Original) ? pictures.Compressed : pictures.Original;
            against = Mean(side, image, area => Logits(discriminator, other, pictures.Compressed, area));
        }

        return Mean(side, image, area => (Logits(discriminator, image, pictures.Compressed, area) - against).Sigmoid());
    }

    private static Tensor Logits(Discriminator discriminator, ImageBuffer image, ImageBuffer compressed, PixelArea area)
        => discriminator.Forward(Read(image, area), discriminator.Conditional ? Read(compressed, area) : null);

    private static double Mean(int side, ImageBuffer image, Func<PixelArea, Tensor> ofCrop)
    {
        double sum = 0;
        int crops = 0;
        for (int y = 0; y + side <= image.Height; y += side)
        {
            for (int x = 0; x + side <= image.Width; x += side, crops++)
            {
                using var scope = TensorScope.Enter();
                sum += ofCrop(new PixelArea(x, y, side, side)).Mean().Item();
            }
        }

        return sum / crops;
    }

    private static Tensor Read(ImageBuffer image, PixelArea area) => ImageTensor.Read(image, area, 0, image.ColourBands);
}
