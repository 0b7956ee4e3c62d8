using Unpress.Data;
using Unpress.Imaging;
using Unpress.Tests.Inference;
using Unpress.Torch;

namespace Unpress.Tests.Data;

public sealed class ImageTensorTests
{
    [Theory]
    [InlineData(ColourModel.Gray, false, 8)]
    [InlineData(ColourModel.Rgb, true, 8)]
    [InlineData(ColourModel.Rgb, false, 16)]
    [InlineData(ColourModel.Cmyk, true, 16)]
    public void What_is_read_is_written_back_to_the_bit(ColourModel model, bool alpha, int bits)
    {
        var image = InferencePictures.Noise(37, 21, model, alpha, bits);
        var copy = new ImageBuffer(37, 21, model, alpha, bits, (byte[])image.Data.Clone());
        var area = new PixelArea(5, 3, 30, 11);
        foreach (bool inverted in (bool[])[false, true])
        {
            using var tensor = ImageTensor.Read(image, area, 0, image.ColourBands, inverted);
            ImageTensor.Write(tensor, copy, area, 0, inverted);
            Assert.Equal(image.Data, copy.Data);
        }
    }

    [Fact]
    public void A_tensor_has_the_bands_as_planes_from_zero_to_one()
    {
        var image = new ImageBuffer(2, 1, ColourModel.Rgb, data: [255, 0, 51, 102, 153, 204]);
        using var tensor = ImageTensor.Read(image);
        Assert.Equal([1, 3, 1, 2], tensor.Shape);
        Assert.Equal([1f, 0.4f, 0f, 0.6f, 0.2f, 0.8f], tensor.ToArray<float>(), (a, b) => Math.Abs(a - b) < 1e-6);
    }

    [Fact]
    public void Numbers_are_clamped_and_rounded_to_the_nearest_sample()
    {
        var image = new ImageBuffer(4, 1, ColourModel.Gray);
        using var tensor = Tensor.From([-0.5f, 2f, 100.4f / 255, 100.6f / 255], 1, 1, 1, 4);
        ImageTensor.Write(tensor, image, PixelArea.Of(image), 0);
        Assert.Equal([0, 255, 100, 101], image.Data);
    }

    [Fact]
    public void The_colour_of_transparent_pixels_stays()
    {
        var image = new ImageBuffer(2, 1, ColourModel.Rgb, hasAlpha: true, data: [10, 20, 30, 0, 10, 20, 30, 1]);
        using var black = Tensor.Zeros([1, 3, 1, 2]);
        ImageTensor.Write(black, image, PixelArea.Of(image), 0);
        Assert.Equal([10, 20, 30, 0, 0, 0, 0, 1], image.Data);
    }

    [Fact]
    public void An_area_outside_the_picture_is_refused()
    {
        var image = new ImageBuffer(4, 4, ColourModel.Gray);
        Assert.Throws<ArgumentException>(() => ImageTensor.Read(image, new PixelArea(1, 0, 4, 4), 0, 1));
    }
}
