using Unpress.Imaging.Colour;

namespace Unpress.Imaging.Tests.Colour;

public class YccConversionTests
{
    [Fact]
    public void Every_colour_agrees_with_the_formula_to_half_a_step()
    {
        var image = new ImageBuffer(64, 64, ColourModel.Rgb);
        new Random(3).NextBytes(image.Data);
        new byte[] { 0, 0, 0, 255, 255, 255, 255, 0, 0, 0, 255, 0, 0, 0, 255 }.CopyTo(image.Data, 0);
        var planes = YccConversion.FromPixels(image, ChromaSubsampling.C444);
        for (int i = 0; i < 64 * 64; i++)
        {
            double r = image.Data[3 * i], g = image.Data[(3 * i) + 1], b = image.Data[(3 * i) + 2];
            double luma = (0.299 * r) + (0.587 * g) + (0.114 * b);
            Assert.Equal(luma, planes.Luma[i], 0.502);
            Assert.Equal(Math.Min(255, 128 + ((b - luma) / 1.772)), planes.Cb[i], 0.502);
            Assert.Equal(Math.Min(255, 128 + ((r - luma) / 1.402)), planes.Cr[i], 0.502);
        }
    }

    [Fact]
    public void Back_again_is_off_by_no_more_than_rounding()
    {
        var image = new ImageBuffer(50, 40, ColourModel.Rgb);
        new Random(4).NextBytes(image.Data);
        var back = YccConversion.ToPixels(YccConversion.FromPixels(image, ChromaSubsampling.C444));
        // Half a step in each plane, times the coefficients, plus the last rounding; 1 more where 256 was cut to 255.
        for (int i = 0; i < image.Data.Length; i++)
            Assert.InRange(Math.Abs(image.Data[i] - back.Data[i]), 0, 2);
    }

    [Theory]
    [InlineData(ChromaSubsampling.C420)]
    [InlineData(ChromaSubsampling.C422)]
    [InlineData(ChromaSubsampling.C444)]
    public void Gray_levels_stay_exact(ChromaSubsampling subsampling)
    {
        var image = new ImageBuffer(256, 3, ColourModel.Rgb);
        for (int i = 0; i < 256 * 3; i++)
            image.Data.AsSpan(3 * i, 3).Fill((byte)(i % 256));
        Assert.Equal(image.Data, YccConversion.ToPixels(YccConversion.FromPixels(image, subsampling)).Data);
    }

    [Fact]
    public void Chroma_is_the_mean_of_what_it_covers_and_edges_repeat()
    {
        // Red, green over blue, white; a third column repeats at the edge.
        var image = new ImageBuffer(3, 2, ColourModel.Rgb, data: [255, 0, 0, 0, 255, 0, 10, 20, 30, 0, 0, 255, 255, 255, 255, 10, 20, 30]);
        var planes = YccConversion.FromPixels(image, ChromaSubsampling.C420);
        Assert.Equal((2, 1), (planes.ChromaWidth, planes.ChromaHeight));
        // Mean of the four colours: (127.5, 127.5, 127.5), gray.
        Assert.Equal(128, planes.Cb[0]);
        Assert.Equal(128, planes.Cr[0]);
        double luma = (0.299 * 10) + (0.587 * 20) + (0.114 * 30);
        Assert.Equal(Math.Round(128 + ((30 - luma) / 1.772)), planes.Cb[1]);
    }

    [Fact]
    public void Doubled_chroma_is_three_parts_near_and_one_part_far()
    {
        var planes = new YccImage(4, 1, ChromaSubsampling.C422);
        planes.Luma.Fill(100);
        planes.Cb.Fill(128);
        planes.Cr[0] = 128;
        planes.Cr[1] = 148;
        var image = YccConversion.ToPixels(planes);
        double[] chroma = [0, 5, 15, 20];
        for (int x = 0; x < 4; x++)
            Assert.Equal(Math.Round(100 + (1.402 * chroma[x])), image.Sample(x, 0, 0));
    }

    [Fact]
    public void Padding_repeats_the_edge_and_cropping_undoes_it()
    {
        var image = new ImageBuffer(5, 3, ColourModel.Rgb);
        new Random(5).NextBytes(image.Data);
        var planes = YccConversion.FromPixels(image, ChromaSubsampling.C420);
        var padded = planes.Resize(8, 6);
        Assert.Equal(planes.Luma[^1], padded.Luma[^1]);
        Assert.Equal(planes.Cr[^1], padded.Cr[^1]);
        Assert.Equal(planes.Data, padded.Resize(5, 3).Data);
    }
}
