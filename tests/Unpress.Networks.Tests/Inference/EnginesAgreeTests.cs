using Unpress.Imaging;
using Unpress.Imaging.Codecs;
using Unpress.Inference;
using Unpress.Models;

namespace Unpress.Tests.Inference;

/// <summary>The shipped models in both engines, through all that <c>enhance</c> does around them.</summary>
public sealed class EnginesAgreeTests
{
    [Theory]
    [InlineData("lite", ColourModel.Rgb, false, 8)]
    [InlineData("lite", ColourModel.Gray, false, 8)]
    [InlineData("lite", ColourModel.Cmyk, false, 8)]
    [InlineData("lite", ColourModel.Rgb, true, 16)]
    [InlineData("idempotent", ColourModel.Rgb, false, 8)]
    [InlineData("photo", ColourModel.Rgb, false, 8)]
    [InlineData("drawings", ColourModel.Rgb, false, 8)]
    public void Pixels_are_the_same_within_one_level_of_255(string name, ColourModel model, bool alpha, int bits)
    {
        var picture = Damaged(101, 67, model, alpha, bits);
        string file = ModelFinder.Find(name);
        using var product = new ModelEnhancer(name, OnnxModel.Open(file, new OnnxModelOptions { Device = OnnxDevice.Cpu }));
        using var workshop = new ModelEnhancer(name, ModelOpener.OpenNetwork(file, new NetworkModelOptions { Precision = InferencePrecision.Fp32 }));
        var expected = workshop.Enhance(picture);
        int level = bits == 8 ? 1 : 257;
        Assert.InRange(LargestDifference(expected, product.Enhance(picture)), 0, level);
        Assert.True(LargestDifference(picture, expected) > 3 * level, "the model must do something, or this test shows nothing");
    }

    /// <summary>What a hard JPEG makes of slopes and stripes, in every layout.</summary>
    private static ImageBuffer Damaged(int width, int height, ColourModel model, bool alpha, int bits)
    {
        var slopes = new ImageBuffer(width, height, ColourModel.Rgb);
        var random = new Random(1);
        for (int i = 0; i < slopes.Data.Length; i++)
            slopes.Data[i] = (byte)Math.Clamp(40 + (i / 3 % width) + (i / 3 / width) + (i / 3 % width / 5 % 2 * 60) + random.Next(-6, 7), 0, 255);
        var jpeg = JpegCodec.Instance.Decode(JpegCodec.Instance.Encode(slopes, new CodecSettings(10)).Bytes);

        var picture = new ImageBuffer(width, height, model, alpha, bits);
        for (int i = 0; i < width * height * picture.Bands; i++)
        {
            byte value = jpeg.Data[(i / picture.Bands * 3) + (i % picture.Bands % 3)];
            if (bits == 8)
                picture.Data[i] = value;
            else
                BitConverter.TryWriteBytes(picture.Data.AsSpan(2 * i), (ushort)(value * 257));
        }

        return picture;
    }

    private static int LargestDifference(ImageBuffer a, ImageBuffer b)
    {
        int bytes = a.BitsPerSample / 8, largest = 0;
        for (int i = 0; i < a.Data.Length; i += bytes)
            largest = Math.Max(largest, Math.Abs(Sample(a, i) - Sample(b, i)));
        return largest;

        int Sample(ImageBuffer image, int at) => bytes == 1 ? image.Data[at] : BitConverter.ToUInt16(image.Data, at);
    }
}
