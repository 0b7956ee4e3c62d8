namespace Unpress.Metrics;

/// <summary>
/// MATLAB's <c>imresize(x, 0.5)</c>: Keys' kernel with a = −0.5, widened by two against aliasing, which is one filter of eight taps between
/// two pixels. ⌈H/2⌉×⌈W/2⌉; the border is mirrored with its pixel repeated; rows first.
/// </summary>
internal static class BicubicHalf
{
    private static readonly double[] Taps = [-3 / 256.0, -9 / 256.0, 29 / 256.0, 111 / 256.0, 111 / 256.0, 29 / 256.0, -9 / 256.0, -3 / 256.0];

    public static Raster Of(Raster image)
    {
        int width = (image.Width + 1) / 2, height = (image.Height + 1) / 2;
        var lower = new Raster(image.Width, height);
        for (int y = 0; y < height; y++)
        {
            var target = lower.Row(y);
            for (int k = 0; k < Taps.Length; k++)
                RowSums.Add(target, image.Row(Mirror((2 * y) + k - 3, image.Height)), Taps[k]);
        }

        var half = new Raster(width, height);
        for (int y = 0; y < height; y++)
        {
            Span<double> source = lower.Row(y), target = half.Row(y);
            for (int x = 0; x < width; x++)
                for (int k = 0; k < Taps.Length; k++)
                    target[x] += Taps[k] * source[Mirror((2 * x) + k - 3, image.Width)];
        }

        return half;
    }

    internal static int Mirror(int place, int length)
    {
        int period = 2 * length;
        int within = ((place % period) + period) % period;
        return within < length ? within : period - 1 - within;
    }
}
