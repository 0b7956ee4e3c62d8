using Unpress.Imaging;
using Unpress.Metrics;

namespace Unpress.Tests.Metrics;

public class PsnrTests
{
    [Fact]
    public void One_error_over_all_bands_by_hand()
    {
        // Errors of 3, 0 and 0 in each pixel: MSE 3, not the mean of the bands' decibels, which would be infinite.
        var image = new ImageBuffer(5, 4, ColourModel.Rgb);
        for (int i = 0; i < image.Data.Length; i += 3)
            image.Data[i] = 3;
        Assert.Equal(10 * Math.Log10(65025 / 3.0), new Psnr().Measure(new ImageBuffer(5, 4, ColourModel.Rgb), image), 1e-12);
    }

    [Fact]
    public void Luma_conventions_by_hand()
    {
        // One level of gray: 219/255 of a level of studio luma, one of full-range luma; rounded studio luma sees 17 for 16.
        var black = new ImageBuffer(3, 3, ColourModel.Rgb);
        var one = new ImageBuffer(3, 3, ColourModel.Rgb, data: [.. Enumerable.Repeat((byte)1, 27)]);
        double full = 20 * Math.Log10(255);
        Assert.Equal(full, Psnr.Yiq.Measure(black, one), 1e-9);
        Assert.Equal(full + (20 * Math.Log10(255.0 / 219)), Psnr.Y.Measure(black, one), 1e-9);
        Assert.Equal(full, Psnr.YUint8.Measure(black, one), 1e-9);
    }

    [Fact]
    public void A_gray_picture_is_its_own_luma()
    {
        var gray = TestPictures.Waves(40, 30, ColourModel.Gray);
        var noisy = TestPictures.WithNoise(gray, 9);
        double expected = new Psnr().Measure(gray, noisy);
        Assert.All(new IMetric[] { Psnr.Y, Psnr.YUint8, Psnr.Yiq },
            metric => Assert.Equal(expected, metric.Measure(gray, noisy)));
    }
}
