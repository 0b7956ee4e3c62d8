using Unpress.Imaging.Codecs;

namespace Unpress.Imaging.Tests.Codecs;

public class JpegCodecTests
{
    private static readonly JpegCodec Codec = JpegCodec.Instance;

    [Theory]
    [InlineData(ColourModel.Gray)]
    [InlineData(ColourModel.Rgb)]
    public void Higher_quality_is_closer_and_larger(ColourModel model)
    {
        ImageBuffer image = Pictures.Make(67, 45, model);
        double lastPsnr = 0;
        int lastBytes = 0;
        foreach (int quality in new[] { 10, 40, 80, 100 })
        {
            Encoded encoded = Codec.Encode(image, new CodecSettings(quality));
            double psnr = Pictures.Psnr(image, Codec.Decode(encoded.Bytes));
            Assert.True(psnr > lastPsnr + 1, $"QF {quality}: {psnr} dB after {lastPsnr}");
            Assert.True(encoded.Bytes.Length > lastBytes);
            (lastPsnr, lastBytes) = (psnr, encoded.Bytes.Length);
        }
    }

    [Theory]
    [InlineData(ChromaSubsampling.C420, 0x22)]
    [InlineData(ChromaSubsampling.C422, 0x21)]
    [InlineData(ChromaSubsampling.C444, 0x11)]
    public void Subsampling_is_written_in_the_frame_header(ChromaSubsampling subsampling, byte lumaFactors)
    {
        byte[] bytes = Codec.Encode(Pictures.Make(40, 24), new CodecSettings(50, subsampling)).Bytes;
        int frame = bytes.AsSpan().IndexOf(new byte[] { 0xFF, 0xC0, 0, 17, 8 });
        Assert.True(frame > 0, "no baseline frame header");
        Assert.Equal(lumaFactors, bytes[frame + 11]);
    }

    [Fact]
    public void First_table_entries_follow_the_ijg_scaling()
    {
        // Annex K luma DC step 16: 16·5000/QF/100 below QF 50, 16·(200 − 2·QF)/100 above, at least 1, at most 255.
        foreach ((int quality, int step) in new[] { (1, 255), (10, 80), (50, 16), (75, 8), (100, 1) })
        {
            byte[] bytes = Codec.Encode(Pictures.Make(16, 16), new CodecSettings(quality)).Bytes;
            int table = bytes.AsSpan().IndexOf(new byte[] { 0xFF, 0xDB, 0, 67, 0 });
            Assert.Equal(step, bytes[table + 5]);
        }
    }

    [Theory]
    [InlineData(1)]
    [InlineData(3)]
    public void Roundtrip_equals_encode_then_decode(int bands)
    {
        ImageBuffer image = Pictures.Make(96, 70, bands == 1 ? ColourModel.Gray : ColourModel.Rgb);
        foreach (ChromaSubsampling subsampling in Enum.GetValues<ChromaSubsampling>())
        {
            var output = new byte[image.Data.Length];
            JpegCodec.Roundtrip(image.Data, 96, 70, bands, 30, subsampling, output);
            Encoded encoded = Codec.Encode(image, new CodecSettings(30, subsampling));
            Assert.Equal(Codec.Decode(encoded.Bytes).Data, output);
        }
    }

    [Fact]
    public void Parallel_roundtrips_equal_serial_ones()
    {
        ImageBuffer[] images = [.. Enumerable.Range(0, 64).Select(seed => Pictures.Make(48 + seed, 64, seed: seed))];
        byte[] Run(ImageBuffer image)
        {
            var output = new byte[image.Data.Length];
            JpegCodec.Roundtrip(image.Data, image.Width, image.Height, 3, 20, ChromaSubsampling.C420, output);
            return output;
        }
        byte[][] serial = [.. images.Select(Run)];
        byte[][] parallel = [.. images.AsParallel().AsOrdered().WithDegreeOfParallelism(8).Select(Run)];
        Assert.Equal(serial, parallel);
    }

    [Fact]
    public void Damaged_bytes_are_refused_and_the_next_picture_is_fine()
    {
        ImageBuffer image = Pictures.Make(64, 64);
        byte[] good = Codec.Encode(image, new CodecSettings(50)).Bytes;
        Assert.Throws<InvalidDataException>(() => Codec.Decode([]));
        Assert.Throws<InvalidDataException>(() => Codec.Decode("not a picture"u8));
        Assert.Throws<InvalidDataException>(() => Codec.Decode(good.AsSpan(0, good.Length / 2)));
        Assert.Equal(Codec.Decode(good).Data, Codec.Decode(good).Data);
    }

    [Fact]
    public void Wrong_layouts_are_the_callers_mistake()
    {
        Assert.Throws<ArgumentException>(() => Codec.Encode(Pictures.Make(8, 8, alpha: true), new CodecSettings(50)));
        Assert.Throws<ArgumentException>(() => Codec.Encode(Pictures.Make(8, 8, bits: 16), new CodecSettings(50)));
        Assert.Throws<ArgumentOutOfRangeException>(() => Codec.Encode(Pictures.Make(8, 8), new CodecSettings(0)));
        Assert.Throws<ArgumentException>(
            () => JpegCodec.Roundtrip(new byte[10], 4, 4, 1, 50, ChromaSubsampling.C420, new byte[16]));
    }
}
