namespace Unpress.Imaging.Tests;

/// <summary>Pictures made in code: smooth enough to compress, with every sample value, edges and some noise.</summary>
internal static class Pictures
{
    public static ImageBuffer Make(
        int width, int height, ColourModel model = ColourModel.Rgb, bool alpha = false, int bits = 8, int seed = 1)
    {
        var image = new ImageBuffer(width, height, model, alpha, bits);
        var random = new Random(seed);
        int bands = image.Bands;
        for (int i = 0; i < width * height; i++)
        {
            int x = i % width, y = i / width;
            for (int band = 0; band < bands; band++)
            {
                double wave = 0.5 + (0.3 * Math.Sin((x * (band + 1) / 9.0) + seed)) + (0.15 * Math.Cos(y / (5.0 + band)));
                double value = wave + (random.NextDouble() * 0.04) + ((x / 16) + (y / 16)) % 2 * 0.05;
                int sample = (int)(Math.Clamp(value, 0, 1) * image.MaxValue);
                if (bits == 8)
                    image.Data[(i * bands) + band] = (byte)sample;
                else
                    image.Data16[(i * bands) + band] = (ushort)sample;
            }
        }
        return image;
    }

    /// <summary>Peak signal to noise in dB over all samples of two pictures of one layout.</summary>
    public static double Psnr(ImageBuffer a, ImageBuffer b)
    {
        Assert.Equal((a.Width, a.Height, a.Bands, a.BitsPerSample), (b.Width, b.Height, b.Bands, b.BitsPerSample));
        double sum = 0;
        int count = a.Width * a.Height * a.Bands;
        for (int i = 0; i < count; i++)
        {
            double d = a.BitsPerSample == 8 ? a.Data[i] - b.Data[i] : a.Data16[i] - b.Data16[i];
            sum += d * d;
        }
        return 10 * Math.Log10(a.MaxValue * (double)a.MaxValue * count / sum);
    }
}
