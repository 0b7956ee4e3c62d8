using Unpress.Data;
using Unpress.Imaging;
using Unpress.Lab.Recipes;
using Unpress.Lab.Results;
using Unpress.Metrics;
using Unpress.Networks.Discriminators;
using Unpress.Torch;
using Unpress.Training;

namespace Unpress.Lab.Experiments;

/// <summary>
/// Mean probability that a discriminator gives a picture for being photographed, over all whole crops of a grid that starts in the top left corner.
/// A conditional one sees the compressed picture's crop beside each.
/// </summary>
internal static class RealismScore
{
    public static LabMeasure Of(DiscriminatorUnderTest section, int side)
    {
        var discriminator = TrainedDiscriminator.Load(section.Checkpoint);
        var facts = new MetricFacts(
            $"realism-{section.Name}",
            $"Realism score of the discriminator {section.Name}",
            Higher: true,
            Unit: "",
            Decimals: 4,
            $"mean probability on crops of {side}×{side}; {(discriminator.Conditional ? "sees the compressed picture too" : "sees the picture alone")}; {section.Checkpoint}");
        return new LabMeasure(facts, trio => Measure(discriminator, trio, side), _ => true, discriminator);
    }

    /// <exception cref="IncomparableException">The picture is smaller than a crop, or of other colours than the discriminator knows.</exception>
    private static double Measure(Discriminator discriminator, Trio trio, int side)
    {
        var image = trio.Image;
        if (Math.Min(image.Width, image.Height) < side)
            throw new IncomparableException($"a realism score takes pictures of {side}x{side} or more, this is {image.Width}x{image.Height}");
        if (image.ColourBands != discriminator.Channels)
            throw new IncomparableException($"the discriminator takes {discriminator.Channels} channels, the picture has {image.ColourBands}");
        using var noGrad = Autograd.NoGrad();
        double sum = 0;
        int crops = 0;
        for (int y = 0; y + side <= image.Height; y += side)
        {
            for (int x = 0; x + side <= image.Width; x += side, crops++)
            {
                using var scope = TensorScope.Enter();
                var area = new PixelArea(x, y, side, side);
                sum += discriminator.Forward(Read(image, area), discriminator.Conditional ? Read(trio.Compressed, area) : null).Sigmoid().Mean().Item();
            }
        }

        return sum / crops;
    }

    private static Tensor Read(ImageBuffer image, PixelArea area) => ImageTensor.Read(image, area, 0, image.ColourBands);
}
