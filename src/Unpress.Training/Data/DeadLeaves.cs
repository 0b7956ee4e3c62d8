using Unpress.Imaging;

namespace Unpress.Data;

/// <summary>
/// Dead leaves: pictures of discs that hide one another, their radii by an inverse cube law, which gives natural pictures' edges and statistics
/// under scaling (Lee, Mumford, Huang, "Occlusion Models for Natural Images", IJCV 2001). Training pictures for where there are no photographs.
/// </summary>
public static class DeadLeaves
{
    /// <summary>Pixels a side.</summary>
    public const int Side = 192;

    private const int Oversampling = 2;
    private const double Smallest = 2, Largest = 160;
    private const int MostDiscs = 20_000;

    /// <summary>Picture number <paramref name="index"/>, the same on every machine.</summary>
    /// <returns>RGB, 8 bit, <see cref="Side"/>².</returns>
    public static ImageBuffer Picture(int index)
    {
        const int side = Side * Oversampling;
        var random = new SampleRandom(0x1EAF, index);
        byte[] fine = new byte[side * side * 3];
        var bare = new bool[side * side];
        Array.Fill(bare, true);
        int left = bare.Length;
        // From the front to the back: a disc shows where none before it lies.
        for (int disc = 0; disc < MostDiscs && left > 0; disc++)
        {
            double radius = Radius(random.NextDouble());
            double x = (random.NextDouble() * (side + (2 * radius))) - radius, y = (random.NextDouble() * (side + (2 * radius))) - radius;
            (byte Red, byte Green, byte Blue) colour = ((byte)random.Next(256), (byte)random.Next(256), (byte)random.Next(256));
            left -= Paint(fine, bare, x, y, radius, colour);
        }

        return new ImageBuffer(Side, Side, ColourModel.Rgb, data: Resampler.Resize(fine, side, side, 3, Side, Side, ResamplingKernel.Area));
    }

    /// <summary>By the inverse of the distribution function of r^-3 between the two ends.</summary>
    private static double Radius(double uniform)
    {
        const double low = 1 / (Smallest * Smallest), high = 1 / (Largest * Largest);
        return 1 / Math.Sqrt(low - (uniform * (low - high)));
    }

    /// <returns>Pixels that were bare.</returns>
    private static int Paint(byte[] picture, bool[] bare, double x, double y, double radius, (byte Red, byte Green, byte Blue) colour)
    {
        const int side = Side * Oversampling;
        int painted = 0;
        for (int row = Math.Max(0, (int)Math.Ceiling(y - radius)); row <= Math.Min(side - 1, (int)Math.Floor(y + radius)); row++)
        {
            double half = Math.Sqrt((radius * radius) - ((row - y) * (row - y)));
            for (int column = Math.Max(0, (int)Math.Ceiling(x - half)); column <= Math.Min(side - 1, (int)Math.Floor(x + half)); column++)
            {
                int pixel = (row * side) + column;
                if (!bare[pixel])
                    continue;
                bare[pixel] = false;
                (picture[3 * pixel], picture[(3 * pixel) + 1], picture[(3 * pixel) + 2]) = colour;
                painted++;
            }
        }

        return painted;
    }
}
