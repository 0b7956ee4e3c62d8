using Unpress.Imaging;
using Unpress.Imaging.Codecs;

namespace Unpress.Metrics;

/// <summary>The damage that <see cref="BrisqueFit"/> learns from, on gray pictures; the same each time.</summary>
internal static class GrayDamage
{
    private static readonly int[] Qualities = [60, 30, 15, 8, 4];
    private static readonly double[] Noises = [4, 8, 16, 32, 64];
    private static readonly double[] Blurs = [0.7, 1.2, 2, 3.5, 6];

    /// <summary>rgb2gray in whole numbers, 8 bits.</summary>
    public static ImageBuffer Gray(ImageBuffer image)
    {
        var gray = new ImageBuffer(image.Width, image.Height, ColourModel.Gray);
        Store(Raster.Of(Luma.GrayUint8.Of(image)), gray);
        return gray;
    }

    public static IEnumerable<ImageBuffer> Of(ImageBuffer gray)
    {
        var codec = new JpegCodec();
        foreach (int quality in Qualities)
            yield return codec.Decode(codec.Encode(gray, new CodecSettings(quality, ChromaSubsampling.C420)).Bytes);
        foreach (double noise in Noises)
            yield return Noisy(gray, noise);
        foreach (double blur in Blurs)
            yield return Blurred(gray, blur);
    }

    private static ImageBuffer Noisy(ImageBuffer gray, double deviation)
    {
        var random = new Random((int)deviation);
        var values = Raster.Of(Luma.GrayUint8.Of(gray));
        foreach (ref double value in values.Values.AsSpan())
            value += deviation * Math.Sqrt(-2 * Math.Log(1 - random.NextDouble())) * Math.Cos(2 * Math.PI * random.NextDouble());
        return Stored(values);
    }

    private static ImageBuffer Blurred(ImageBuffer gray, double deviation)
    {
        int reach = (int)Math.Ceiling(3 * deviation);
        double[] weights = [.. Enumerable.Range(-reach, (2 * reach) + 1).Select(k => Math.Exp(-k * k / (2 * deviation * deviation)))];
        double sum = weights.Sum();
        var source = Raster.Of(Luma.GrayUint8.Of(gray));
        var (columns, both) = (new Raster(gray.Width, gray.Height), new Raster(gray.Width, gray.Height));
        for (int y = 0; y < gray.Height; y++)
            for (int k = -reach; k <= reach; k++)
            {
                Span<double> from = source.Row(Math.Clamp(y + k, 0, gray.Height - 1)), to = columns.Row(y);
                for (int x = 0; x < to.Length; x++)
                    to[x] += weights[k + reach] / sum * from[x];
            }

        for (int y = 0; y < gray.Height; y++)
        {
            Span<double> from = columns.Row(y), to = both.Row(y);
            for (int x = 0; x < to.Length; x++)
                for (int k = -reach; k <= reach; k++)
                    to[x] += weights[k + reach] / sum * from[Math.Clamp(x + k, 0, to.Length - 1)];
        }

        return Stored(both);
    }

    private static ImageBuffer Stored(Raster values)
    {
        var image = new ImageBuffer(values.Width, values.Height, ColourModel.Gray);
        Store(values, image);
        return image;
    }

    private static void Store(Raster values, ImageBuffer image)
    {
        for (int i = 0; i < values.Values.Length; i++)
            image.Data[i] = (byte)Math.Clamp(Math.Floor(values.Values[i] + 0.5), 0, 255);
    }
}
