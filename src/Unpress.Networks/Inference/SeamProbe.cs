using Unpress.Data;
using Unpress.Torch;

namespace Unpress.Inference;

/// <summary>
/// How much of their surroundings tiles need. What a network could see at its reach hardly ever counts: with the default network, whose
/// reach is 124 pixels, cutting the picture off 64 pixels away changes no value by more than 0.02/255. So it is measured, on the picture
/// at hand: corners of tiles are computed with all they could see and with less.
/// </summary>
internal static class SeamProbe
{
    /// <summary>A tenth of one level of 8 bits; the promise is one level.</summary>
    private const double Tolerance = 0.1 / 255;

    /// <summary>The reach is tried in parts of this; one part more than what was enough is taken.</summary>
    private const int Parts = 8;

    /// <summary>Fewer parts are not tried: four places are not the whole picture.</summary>
    private const int FewestParts = 2;

    /// <summary>Pixels a side of what is compared.</summary>
    private const int Corner = 64;

    /// <summary>Pixels that tiles should see on each side, a multiple of <paramref name="multiple"/>, at most <paramref name="reach"/>.</summary>
    /// <param name="reach">Pixels a side that certainly are enough, a multiple of <paramref name="multiple"/>.</param>
    /// <param name="restore">The network on an area of the picture, [1, bands, H, W].</param>
    public static int Overlap(int reach, int multiple, int width, int height, Func<PixelArea, Tensor> restore)
    {
        int corner = RoundUp(Corner);
        int side = corner + reach;
        if (reach == 0 || width < side || height < side)
            return reach;
        int enough = FewestParts;
        foreach (var (x, y) in Places())
        {
            using var scope = TensorScope.Enter();
            var full = CornerOf(side);
            while (Part(enough) < reach && (CornerOf(corner + Part(enough)) - full).Abs().Max().Item() > Tolerance)
                enough = Next(enough);

            Tensor CornerOf(int seen) => restore(new PixelArea(x, y, seen, seen)).Narrow(2, 0, corner).Narrow(3, 0, corner);
        }

        return Part(enough + 1);

        int Part(int count) => Math.Min(reach, RoundUp(count * reach / Parts));

        // On a coarse grid several parts are as large as each other.
        int Next(int count) => Enumerable.Range(count + 1, Parts).First(next => next > Parts || Part(next) > Part(count));

        int RoundUp(int value) => (value + multiple - 1) / multiple * multiple;

        // Around the middles of the picture's quarters.
        IEnumerable<(int X, int Y)> Places()
        {
            foreach (int y in (int[])[height / 4, height * 3 / 4])
                foreach (int x in (int[])[width / 4, width * 3 / 4])
                    yield return (Start(x, width), Start(y, height));
        }

        int Start(int middle, int length) => Math.Clamp(middle - (side / 2), 0, length - side) / multiple * multiple;
    }
}
