using Unpress.Imaging;

namespace Unpress.Tests.Metrics;

/// <summary>Pictures made on the spot: waves with grain, and the same picture damaged by noise.</summary>
internal static class TestPictures
{
    /// <summary>
    /// Soft waves in every band with a little grain, levels 40..215. Pixels on either side of an 8×8 block edge are equal, so
    /// that the picture has no blocks by any count.
    /// </summary>
    public static ImageBuffer Waves(int width, int height, ColourModel model = ColourModel.Rgb, int seed = 1)
    {
        var random = new Random(seed);
        var image = new ImageBuffer(width, height, model);
        for (int y = 0, i = 0; y < height; y++)
            for (int x = 0; x < width; x++)
                for (int band = 0; band < image.Bands; band++, i++)
                {
                    double wave = 128 + (60 * Math.Sin((x * (0.11 + (0.02 * band))) + (y * 0.07))) + (20 * Math.Cos((y * 0.23) - band));
                    image.Data[i] = (byte)Math.Round(wave + random.Next(-7, 8));
                }
        for (int y = 0; y < height; y++)
        {
            var row = image.Data.AsSpan(y * width * image.Bands, width * image.Bands);
            for (int x = 8; x < width; x += 8)
                row.Slice((x - 1) * image.Bands, image.Bands).CopyTo(row[(x * image.Bands)..]);
            if (y > 0 && y % 8 == 0)
                image.Data.AsSpan((y - 1) * row.Length, row.Length).CopyTo(row);
        }
        return image;
    }

    /// <summary>The picture with uniform noise of ±<paramref name="amplitude"/> levels.</summary>
    public static ImageBuffer WithNoise(ImageBuffer image, int amplitude, int seed = 2)
    {
        var random = new Random(seed);
        var noisy = new ImageBuffer(image.Width, image.Height, image.Model);
        for (int i = 0; i < noisy.Data.Length; i++)
            noisy.Data[i] = (byte)Math.Clamp(image.Data[i] + random.Next(-amplitude, amplitude + 1), 0, 255);
        return noisy;
    }

    /// <summary>The same picture with 16 bits a sample: 255 becomes 65535.</summary>
    public static ImageBuffer To16Bit(ImageBuffer image)
    {
        var wide = new ImageBuffer(image.Width, image.Height, image.Model, image.HasAlpha, bitsPerSample: 16);
        for (int i = 0; i < image.Data.Length; i++)
            wide.Data16[i] = (ushort)(image.Data[i] * 257);
        return wide;
    }

    /// <summary>The same picture under an alpha band of random values.</summary>
    public static ImageBuffer WithAlpha(ImageBuffer image, int seed)
    {
        var random = new Random(seed);
        var result = new ImageBuffer(image.Width, image.Height, image.Model, hasAlpha: true);
        for (int pixel = 0; pixel < image.Width * image.Height; pixel++)
        {
            image.Data.AsSpan(pixel * image.Bands, image.Bands).CopyTo(result.Data.AsSpan(pixel * result.Bands));
            result.Data[(pixel * result.Bands) + image.Bands] = (byte)random.Next(256);
        }
        return result;
    }
}
