namespace Unpress.Imaging.Tests.Codecs;

/// <summary>Pictures with smooth and busy parts, the same on every machine.</summary>
internal static class TestPictures
{
    public static ImageBuffer Make(int width, int height, ColourModel model = ColourModel.Rgb)
    {
        var image = new ImageBuffer(width, height, model);
        var noise = new Random(7);
        for (int y = 0; y < height; y++)
        {
            for (int x = 0; x < width; x++)
            {
                for (int band = 0; band < image.Bands; band++)
                {
                    double wave = 90 * Math.Sin((x + (band * 5)) / 9.0) * Math.Cos(y / (7.0 + band));
                    double texture = x > width / 2 ? noise.Next(-20, 21) : 0;
                    image.Data[(((y * width) + x) * image.Bands) + band] = (byte)Math.Clamp(128 + wave + texture, 0, 255);
                }
            }
        }

        return image;
    }

    /// <summary>PSNR over all samples, dB.</summary>
    public static double Psnr(ImageBuffer a, ImageBuffer b)
    {
        Assert.Equal((a.Width, a.Height, a.Bands), (b.Width, b.Height, b.Bands));
        double sum = 0;
        for (int i = 0; i < a.Data.Length; i++)
            sum += (a.Data[i] - b.Data[i]) * (double)(a.Data[i] - b.Data[i]);
        return 10 * Math.Log10(255.0 * 255 * a.Data.Length / sum);
    }
}
