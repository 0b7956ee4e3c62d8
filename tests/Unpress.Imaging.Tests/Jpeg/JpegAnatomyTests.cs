using Unpress.Imaging.Codecs;
using Unpress.Imaging.Jpeg;

namespace Unpress.Imaging.Tests.Jpeg;

public class JpegAnatomyTests
{
    private static byte[] Encode(int quality, ChromaSubsampling subsampling, ColourModel model = ColourModel.Rgb) =>
        JpegCodec.Instance.Encode(Pictures.Make(41, 23, model), new CodecSettings(quality, subsampling)).Bytes;

    [Theory]
    [InlineData(ChromaSubsampling.C420, "4:2:0", 3, 2)]
    [InlineData(ChromaSubsampling.C422, "4:2:2", 3, 3)]
    [InlineData(ChromaSubsampling.C444, "4:4:4", 6, 3)]
    public void Headers_are_read_as_they_were_written(ChromaSubsampling subsampling, string text, int chromaWide, int chromaHigh)
    {
        JpegAnatomy anatomy = JpegAnatomy.Read(Encode(37, subsampling), "test");
        Assert.Equal((41, 23, 8), (anatomy.Width, anatomy.Height, anatomy.Precision));
        Assert.Equal(subsampling, anatomy.Subsampling);
        Assert.Equal(text, anatomy.SubsamplingText);
        Assert.Equal(JpegColourSpace.YCbCr, anatomy.ColourSpace);
        Assert.Equal((false, false, 1, 0), (anatomy.IsProgressive, anatomy.IsArithmetic, anatomy.Scans, anatomy.RestartInterval));
        Assert.Equal((6, 3), (anatomy.Components[0].BlocksWide, anatomy.Components[0].BlocksHigh));
        Assert.Equal((chromaWide, chromaHigh), (anatomy.Components[1].BlocksWide, anatomy.Components[1].BlocksHigh));
        Assert.Equal(StandardTables.Luma(37), anatomy.LumaTable);
        Assert.Equal(StandardTables.Chroma(37), anatomy.ChromaTable);
    }

    [Theory]
    [InlineData(ColourModel.Gray)]
    [InlineData(ColourModel.Rgb)]
    public void Every_quality_factor_is_recognised(ColourModel model)
    {
        for (int quality = 1; quality <= 100; quality++)
        {
            QualityEstimate found = JpegAnatomy.Read(Encode(quality, ChromaSubsampling.C420, model), "test").Quality;
            Assert.Equal(new QualityEstimate(quality, true), found);
        }
    }

    [Fact]
    public void A_changed_step_is_the_nearest_quality_and_flagged()
    {
        byte[] bytes = Encode(60, ChromaSubsampling.C420);
        int table = bytes.AsSpan().IndexOf(new byte[] { 0xFF, 0xDB, 0, 67, 0 });
        bytes[table + 5 + 30]++;
        Assert.Equal(new QualityEstimate(60, false), JpegAnatomy.Read(bytes, "test").Quality);
    }

    [Fact]
    public void Gray_has_no_subsampling()
    {
        JpegAnatomy anatomy = JpegAnatomy.Read(Encode(50, ChromaSubsampling.C420, ColourModel.Gray), "test");
        Assert.Equal((JpegColourSpace.Gray, "gray", null), (anatomy.ColourSpace, anatomy.SubsamplingText, anatomy.Subsampling));
        Assert.Null(anatomy.ChromaTable);
    }

    [Fact]
    public void Dc_coefficients_of_a_flat_picture_are_what_the_formula_gives()
    {
        // A gray block of value v has DC 8·(v − 128), divided by the step and rounded; every AC coefficient is 0.
        var image = new ImageBuffer(16, 8, ColourModel.Gray, data: [.. Enumerable.Repeat((byte)178, 128)]);
        JpegCoefficients read = JpegCoefficients.Read(JpegCodec.Instance.Encode(image, new CodecSettings(50)).Bytes, "test");
        Assert.Equal(2 * 64, read.Planes[0].Length);
        for (int x = 0; x < 2; x++)
        {
            Assert.Equal(8 * 50 / 16, read.Block(0, x, 0)[0]);
            Assert.Equal(-1, read.Block(0, x, 0)[1..].IndexOfAnyExcept((short)0));
        }
    }

    [Fact]
    public void Coefficients_times_steps_through_a_plain_inverse_dct_give_the_decoded_pixels()
    {
        ImageBuffer image = Pictures.Make(24, 16, ColourModel.Gray);
        byte[] bytes = JpegCodec.Instance.Encode(image, new CodecSettings(40)).Bytes;
        JpegCoefficients read = JpegCoefficients.Read(bytes, "test");
        ImageBuffer decoded = JpegCodec.Instance.Decode(bytes);
        for (int y = 0; y < 16; y++)
        {
            for (int x = 0; x < 24; x++)
            {
                double value = 128 + InverseDct(read.Block(0, x / 8, y / 8), read.Anatomy.LumaTable, x % 8, y % 8);
                Assert.InRange(decoded.Sample(x, y, 0) - Math.Clamp(value, 0, 255), -1, 1);
            }
        }
    }

    [Fact]
    public void A_header_bomb_is_refused_before_decoding()
    {
        byte[] bytes = Encode(50, ChromaSubsampling.C420);
        int frame = bytes.AsSpan().IndexOf(new byte[] { 0xFF, 0xC0, 0, 17, 8 });
        // 64,250 x 64,250 pixels.
        new byte[] { 0xFA, 0xFA, 0xFA, 0xFA }.CopyTo(bytes, frame + 5);
        var error = Assert.Throws<InvalidFileException>(() => JpegCoefficients.Read(bytes, "bomb.jpg"));
        Assert.StartsWith("bomb.jpg: 64250x64250 is 4128.1 megapixels", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Any_damage_to_the_bytes_gives_an_answer_or_an_invalid_file()
    {
        byte[] good = Encode(30, ChromaSubsampling.C420);
        var random = new Random(7);
        int refused = 0;
        for (int i = 0; i < 3000; i++)
        {
            byte[] bad = good.AsSpan(0, i % 3 == 0 ? random.Next(good.Length) : good.Length).ToArray();
            for (int k = 0; k < 3 && bad.Length > 0; k++)
                bad[random.Next(Math.Min(bad.Length, 700))] = (byte)random.Next(256);
            try
            {
                JpegCoefficients.Read(bad, "fuzz", new ImageLimits { MaxPixels = 1_000_000 });
            }
            catch (InvalidFileException)
            {
                refused++;
            }
        }
        Assert.InRange(refused, 500, 2999);
    }

    /// <summary>ITU-T T.81 A.3.3, as slow as it is written.</summary>
    private static double InverseDct(ReadOnlySpan<short> block, ushort[] steps, int x, int y)
    {
        double sum = 0;
        for (int v = 0; v < 8; v++)
        {
            for (int u = 0; u < 8; u++)
            {
                double scale = (u == 0 ? Math.Sqrt(0.5) : 1) * (v == 0 ? Math.Sqrt(0.5) : 1);
                sum += scale * block[(v * 8) + u] * steps[(v * 8) + u]
                    * Math.Cos(((2 * x) + 1) * u * Math.PI / 16) * Math.Cos(((2 * y) + 1) * v * Math.PI / 16);
            }
        }
        return sum / 4;
    }
}
