using Unpress.Imaging;
using Unpress.Inference;

namespace Unpress.Tests.Inference;

public sealed class ProtectionTests
{
    [Theory]
    [InlineData(ColourModel.Gray, 8)]
    [InlineData(ColourModel.Rgb, 8)]
    [InlineData(ColourModel.Rgb, 16)]
    [InlineData(ColourModel.Cmyk, 8)]
    public void White_keeps_black_restores_and_gray_keeps_a_part(ColourModel model, int bits)
    {
        var before = InferencePictures.Noise(30, 20, model, alpha: true, bits);
        var restored = InferencePictures.Noise(30, 20, model, alpha: true, bits);
        for (int k = 0; k < restored.Data.Length; k++)
            restored.Data[k] = (byte)(255 - restored.Data[k]);
        var whole = (byte[])restored.Data.Clone();
        var unprotected = new ImageBuffer(30, 20, model, hasAlpha: true, bits, whole);
        var mask = new ImageBuffer(30, 20, ColourModel.Gray);
        for (int pixel = 0; pixel < mask.Data.Length; pixel++)
            mask.Data[pixel] = (byte)((pixel % 3) switch { 0 => 0, 1 => 255, _ => 100 });

        new Protection(mask).Apply(before, restored);

        for (int y = 0; y < 20; y++)
            for (int x = 0; x < 30; x++)
                for (int band = 0; band < before.Bands; band++)
                {
                    double kept = mask.Data[(y * 30) + x] / 255.0;
                    double expected = unprotected.Sample(x, y, band) + (kept * (before.Sample(x, y, band) - unprotected.Sample(x, y, band)));
                    Assert.InRange(restored.Sample(x, y, band) - expected, -0.501, 0.501);
                }
    }

    [Fact]
    public void Of_a_coloured_mask_the_mean_counts()
    {
        var mask = new ImageBuffer(1, 1, ColourModel.Rgb, hasAlpha: true, data: [255, 255, 255, 0]);
        var (before, restored) = (new ImageBuffer(1, 1, ColourModel.Gray, data: [200]), new ImageBuffer(1, 1, ColourModel.Gray, data: [10]));
        new Protection(mask).Apply(before, restored);
        Assert.Equal(200, restored.Data[0]);
    }

    [Fact]
    public void A_mask_of_another_size_is_refused_and_nothing_is_changed()
    {
        var (before, restored) = (new ImageBuffer(2, 1, ColourModel.Gray, data: [1, 2]), new ImageBuffer(2, 1, ColourModel.Gray, data: [3, 4]));
        var error = Assert.Throws<UnsuitablePictureException>(
            () => new Protection(new ImageBuffer(1, 2, ColourModel.Gray, data: [255, 255])).Apply(before, restored));
        Assert.Equal("the mask is 1x2 and the picture 2x1; they must be of one size", error.Message);
        Assert.Equal([3, 4], restored.Data);
    }
}
