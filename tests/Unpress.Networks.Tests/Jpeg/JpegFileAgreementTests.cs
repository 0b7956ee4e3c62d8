using Unpress.Data;
using Unpress.Imaging;
using Unpress.Imaging.Codecs;
using Unpress.Imaging.Jpeg;
using Unpress.Jpeg;
using Unpress.Torch;

namespace Unpress.Tests.Jpeg;

/// <summary>The transform, the colour conversion and the chroma filters against what libjpeg put into a file and reads from it.</summary>
public sealed class JpegFileAgreementTests
{
    [Theory]
    [InlineData(ChromaSubsampling.C444, 1, 1)]
    [InlineData(ChromaSubsampling.C422, 2, 1)]
    [InlineData(ChromaSubsampling.C420, 2, 2)]
    public void Coefficients_of_a_file_are_those_of_its_pixels(ChromaSubsampling subsampling, int across, int down)
    {
        using var scope = TensorScope.Enter();
        var picture = Waves(48, 32);
        var encoded = JpegCodec.Instance.Encode(picture, new CodecSettings(60, subsampling));
        var stored = JpegCoefficients.Read(encoded.Bytes, "test");
        var samples = TensorColour.ToSamples(Pixels(picture));
        double wrong = 0, all = 0;
        for (int plane = 0; plane < 3; plane++)
        {
            var reduced = ChromaSampling.Reduce(samples.Narrow(1, plane, 1), plane == 0 ? 1 : across, plane == 0 ? 1 : down);
            var table = Table(stored, plane);
            var blocks = BlockDct.Forward(reduced) / BlockDct.Spread(table, reduced.Size(2), reduced.Size(3));
            var difference = (blocks - Plane(stored, plane)).Abs();
            // Rounded to the nearest; libjpeg's integer arithmetic moves a few across the middle.
            Assert.True(difference.Max().Item() < 0.75);
            wrong += GreaterThan.Call(difference, 0.5).To(DType.Float32).Sum().Item();
            all += difference.Count;
        }

        Assert.True(wrong / all < 0.01, $"{wrong} of {all}");
    }

    [Theory]
    [InlineData(ChromaSubsampling.C444, 1, 1)]
    [InlineData(ChromaSubsampling.C422, 2, 1)]
    [InlineData(ChromaSubsampling.C420, 2, 2)]
    public void Pixels_of_a_file_are_those_of_its_coefficients(ChromaSubsampling subsampling, int across, int down)
    {
        using var scope = TensorScope.Enter();
        const int width = 43, height = 29; // an odd last column and row of chroma
        var encoded = JpegCodec.Instance.Encode(Waves(width, height), new CodecSettings(30, subsampling));
        var stored = JpegCoefficients.Read(encoded.Bytes, "test");
        var planes = new Tensor[3];
        for (int plane = 0; plane < 3; plane++)
        {
            int a = plane == 0 ? 1 : across, d = plane == 0 ? 1 : down;
            var quantised = Plane(stored, plane);
            var samples = BlockDct.Inverse(quantised * BlockDct.Spread(Table(stored, plane), quantised.Size(2), quantised.Size(3)));
            var shown = samples.Clamp(-128, 127).Narrow(2, 0, (height + d - 1) / d).Narrow(3, 0, (width + a - 1) / a);
            planes[plane] = ChromaSampling.Enlarge(shown, height, width, a, d);
        }

        var ours = TensorColour.ToPixels(Tensor.Cat(planes, 1)).Clamp(0, 1) * 255;
        var theirs = Pixels(JpegCodec.Instance.Decode(encoded.Bytes)) * 255;
        var difference = (ours - theirs).Abs();
        Assert.True(difference.Max().Item() < 3, $"{difference.Max().Item()}"); // roundings of three planes meet in one pixel
        Assert.True(difference.Mean().Item() < 0.6, $"{difference.Mean().Item()}");
    }

    [Fact]
    public void Colours_come_back()
    {
        using var scope = TensorScope.Enter();
        var rgb = Tensor.Rand([2, 3, 5, 7], DType.Float64);
        Assert.True((TensorColour.ToPixels(TensorColour.ToSamples(rgb)) - rgb).Abs().Max().Item() < 1e-14);
        var gray = rgb.Narrow(1, 0, 1);
        Assert.True((TensorColour.ToPixels(TensorColour.ToSamples(gray)) - gray).Abs().Max().Item() < 1e-14);
        var white = TensorColour.ToSamples(Tensor.Ones([1, 3, 1, 1], DType.Float64)).ToArray<double>();
        Assert.Equal(127, white[0], 10);
        Assert.Equal(0, white[1], 10);
        Assert.Equal(0, white[2], 10);
    }

    private static readonly Op GreaterThan = Op.Find("aten::gt.Scalar");

    private static Tensor Pixels(ImageBuffer image)
        => ImageTensor.Read(image, new PixelArea(0, 0, image.Width, image.Height), 0, 3, false);

    private static Tensor Table(JpegCoefficients file, int plane)
        => Tensor.From([.. file.Anatomy.Tables[file.Anatomy.Components[plane].Table]!.Select(step => (float)step)], 1, 1, 8, 8);

    // Block after block to the plane, each coefficient in its place.
    private static Tensor Plane(JpegCoefficients file, int plane)
    {
        var (high, wide) = (file.Anatomy.Components[plane].BlocksHigh, file.Anatomy.Components[plane].BlocksWide);
        return Tensor.From([.. file.Planes[plane].Select(value => (float)value)], 1, high, wide, 8, 8)
            .Permute(0, 1, 3, 2, 4).Reshape(1, 1, 8 * high, 8 * wide);
    }

    private static ImageBuffer Waves(int width, int height)
    {
        var image = new ImageBuffer(width, height, ColourModel.Rgb);
        for (int i = 0; i < image.Data.Length; i++)
        {
            int x = i / 3 % width, y = i / 3 / width, band = i % 3;
            image.Data[i] = (byte)(128 + (60 * Math.Sin((x + (2 * band)) / 4.0)) + (50 * Math.Cos((y * (band + 1)) / 9.0)));
        }

        return image;
    }
}
