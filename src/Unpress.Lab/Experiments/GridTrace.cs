using Unpress.Imaging;

namespace Unpress.Lab.Experiments;

/// <summary>
/// What strided transposed convolutions leave behind: a pattern that repeats every two pixels. In blocks of 16×16 pixels the means of the four
/// places of the 2×2 grid are compared with the block's mean; the root mean square of the differences, in levels of 255. Nothing in
/// one colour; in photographs a little, from their edges.
/// </summary>
internal static class GridTrace
{
    private const int Side = 16;
    private const int Places = 4;

    /// <summary>0 too where the picture is smaller than a block. Alpha is not looked at.</summary>
    public static double Of(ImageBuffer image)
    {
        double sum = 0;
        long count = 0;
        for (int y = 0; y + Side <= image.Height; y += Side)
        {
            for (int x = 0; x + Side <= image.Width; x += Side)
            {
                for (int band = 0; band < image.ColourBands; band++, count += Places)
                    sum += Block(image, x, y, band);
            }
        }

        return count == 0 ? 0 : Math.Sqrt(sum / count) * 255 / image.MaxValue;
    }

    /// <summary>Squared differences of the four means from the block's.</summary>
    private static double Block(ImageBuffer image, int left, int top, int band)
    {
        Span<double> means = stackalloc double[Places];
        means.Clear();
        for (int y = 0; y < Side; y++)
        {
            for (int x = 0; x < Side; x++)
                means[(2 * (y & 1)) + (x & 1)] += image.Sample(left + x, top + y, band) / (double)(Side * Side / Places);
        }

        double mean = (means[0] + means[1] + means[2] + means[3]) / Places, sum = 0;
        foreach (double one in means)
            sum += (one - mean) * (one - mean);
        return sum;
    }
}
