using Unpress.Data;
using Unpress.Imaging;
using Unpress.Networks;
using Unpress.Torch;

namespace Unpress.Inference;

/// <summary>
/// What the network knows of one pass of a picture besides a tile's pixels. A picture in one piece is left to the network. One that is cut
/// is surveyed first, in fp32: the whole where it fits the budget of memory, else its middle, in the picture's proportions and as large as
/// fits; compression hardly varies over a picture, and the middle says more of it than any tile. For the memory's sake the survey waits
/// for the first tile that needs it.
/// </summary>
/// <param name="given">What is known of the whole picture beforehand, coefficients in main memory.</param>
/// <param name="maxPixels">What the network can take at once.</param>
internal sealed class PassKnowledge(Network network, ImageBuffer image, ColourPass pass, Conditions given, long maxPixels, Device device)
{
    private Conditions? _surveyed;

    public ColourPass Pass => pass;

    /// <summary>For the whole picture; the tile's own part of it is the caller's to take. Call it in the scope of the whole picture.</summary>
    public Conditions For(Tile tile)
        => tile.Seen == PixelArea.Of(image) ? given : _surveyed ??= Survey();

    private Conditions Survey()
    {
        for (long pixels = maxPixels; ; pixels /= 2)
        {
            var area = Middle(image.Width, image.Height, pixels, network.Facts.SizeMultiple);
            try
            {
                return Survey(area);
            }
            catch (TorchException error) when (OutOfMemory.Is(error) && pixels > 1)
            {
                // Half as many pixels, then.
            }
        }
    }

    private Conditions Survey(PixelArea area)
    {
        using var scope = TensorScope.Enter();
        var planes = ImageTensor.Read(image, area, pass.FirstBand, pass.Bands, pass.Inverted).To(device);
        var found = ColourPass.Survey(network, planes, given.At(area).Map(tensor => tensor.To(device)));
        var kept = new Dictionary<string, Tensor>();
        foreach (var (name, tensor) in found.Global)
            kept[name] = scope.Keep(tensor);
        return given with { Exit = found.Exit, Global = kept };
    }

    /// <summary>At most <paramref name="maxPixels"/> but no less than one cell of the network's grid, on that grid.</summary>
    internal static PixelArea Middle(int width, int height, long maxPixels, int multiple)
    {
        if ((long)width * height <= maxPixels)
            return PixelArea.Of(width, height);
        int shorter = Math.Min(width, height), longer = Math.Max(width, height);
        int less = OnGrid(shorter, shorter * Math.Sqrt((double)maxPixels / ((long)width * height)));
        int more = OnGrid(longer, maxPixels / less);
        var (across, down) = width < height ? (less, more) : (more, less);
        return new PixelArea(Start(width, across), Start(height, down), across, down);

        int OnGrid(int side, double wanted) => Math.Min(side, Math.Max(multiple, (int)Math.Min(side, wanted) / multiple * multiple));
        int Start(int side, int length) => (side - length) / 2 / multiple * multiple;
    }
}
