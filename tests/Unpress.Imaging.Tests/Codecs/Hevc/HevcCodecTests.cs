using Unpress.Imaging.Codecs;
using Unpress.Imaging.Codecs.Hevc;
using static Unpress.Imaging.Tests.Codecs.TestPictures;

namespace Unpress.Imaging.Tests.Codecs.Hevc;

public class HevcCodecTests
{
    private static readonly HevcCodec Codec = new();

    [ToolFact("ffmpeg")]
    public void Quality_falls_and_bytes_shrink_as_qp_rises()
    {
        var image = Make(150, 101);
        double psnr = double.PositiveInfinity;
        double bytes = double.PositiveInfinity;
        foreach (int qp in new[] { 0, 22, 37, 51 })
        {
            var encoded = Codec.Encode(image, new CodecSettings(qp, ChromaSubsampling.C444));
            double now = Psnr(image, Codec.Decode(encoded.Bytes));
            Assert.InRange(now, 15, psnr - 2);
            Assert.InRange(encoded.Bytes.Length, 50, bytes * 0.7);
            (psnr, bytes) = (now, encoded.Bytes.Length);
            if (qp == 0)
                Assert.InRange(now, 45, 60);
        }
    }

    [ToolTheory("ffmpeg")]
    [InlineData(1, 1)]
    [InlineData(17, 13)]
    [InlineData(64, 64)]
    [InlineData(65, 70)]
    [InlineData(128, 131)]
    public void Every_size_comes_back_as_it_was(int width, int height)
    {
        foreach (var subsampling in Enum.GetValues<ChromaSubsampling>())
        {
            var image = Make(width, height);
            var encoded = Codec.Encode(image, new CodecSettings(12, subsampling));
            Assert.InRange(Psnr(image, Codec.Decode(encoded.Bytes)), subsampling == ChromaSubsampling.C444 ? 40 : 22, 100);
        }
    }

    [ToolFact("ffmpeg")]
    public void Gray_has_no_chroma_and_stays_gray()
    {
        var image = Make(81, 67, ColourModel.Gray);
        var encoded = Codec.Encode(image, new CodecSettings(8));
        Assert.InRange(Psnr(image, Codec.Decode(encoded.Bytes)), 45, 100);
    }

    [ToolFact("ffmpeg")]
    public void The_same_picture_gives_the_same_bytes_whose_count_gives_the_bits_per_pixel()
    {
        var image = Make(99, 80);
        var first = Codec.Encode(image, new CodecSettings(30));
        Assert.Equal(first.Bytes, Codec.Encode(image, new CodecSettings(30)).Bytes);
        Assert.Equal(first.Bytes.Length * 8.0 / (99 * 80), first.BitsPerPixel);
    }

    [ToolTheory("ffmpeg")]
    [InlineData(0)]
    [InlineData(27)]
    [InlineData(37)]
    [InlineData(51)]
    public void The_slice_is_coded_at_exactly_the_qp_asked_for(int qp)
    {
        foreach (var subsampling in new[] { ChromaSubsampling.C420, ChromaSubsampling.C444 })
        {
            var headers = HevcHeaders.Read(Codec.Encode(Make(96, 64), new CodecSettings(qp, subsampling)).Bytes);
            Assert.Equal(qp, 26 + headers["init_qp_minus26"] + headers["slice_qp_delta"]);
            Assert.Equal(0, headers["cu_qp_delta_enabled_flag"]); // no block may differ
            Assert.Equal(0, headers["pps_cb_qp_offset"]);
            Assert.Equal(0, headers["pps_cr_qp_offset"]);
            Assert.Equal(1, headers["sample_adaptive_offset_enabled_flag"]);
            Assert.Equal(0, headers["deblocking_filter_control_present_flag"]); // that is: deblocking as by default
            Assert.Equal(1, headers["video_full_range_flag"]);
            Assert.Equal(6, headers["matrix_coefficients"]); // BT.601
            if (subsampling == ChromaSubsampling.C420)
                Assert.Equal(1, headers["chroma_sample_loc_type_top_field"]); // centred
            Assert.Equal(1, headers["slice_count"]);
            Assert.Equal(0, headers["sei_count"]); // nothing but the picture counts as bits
        }
    }

    [ToolFact("ffmpeg")]
    public void Encoder_names_x265_and_ffmpeg_with_versions() => Assert.Matches(@"^x265 \d\S* \(ffmpeg \S+\)$", Codec.Encoder);

    [ToolTheory("ffmpeg")]
    [InlineData(0)]
    [InlineData(5)]
    [InlineData(60)]
    public void Cut_streams_and_other_bytes_are_refused(int length)
    {
        byte[] stream = Codec.Encode(Make(96, 64), new CodecSettings(20)).Bytes;
        Assert.Throws<InvalidDataException>(() => Codec.Decode(stream.AsSpan(0, length)));
        Assert.Throws<InvalidDataException>(() => Codec.Decode("GIF89a and some more text"u8));
    }

    [Theory]
    [InlineData(-1)]
    [InlineData(52)]
    public void Qp_outside_the_range_is_refused_with_range_and_direction(int qp)
    {
        var error = Assert.Throws<ArgumentOutOfRangeException>(() => Codec.Encode(Make(8, 8), new CodecSettings(qp)));
        Assert.Contains("0-51, lower is better", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Alpha_and_deep_pictures_are_refused()
    {
        Assert.Throws<ArgumentException>(() => Codec.Encode(new ImageBuffer(8, 8, ColourModel.Rgb, hasAlpha: true), new CodecSettings(30)));
        Assert.Throws<ArgumentException>(() => Codec.Encode(new ImageBuffer(8, 8, ColourModel.Rgb, bitsPerSample: 16), new CodecSettings(30)));
    }

    [ToolFact("ffmpeg")]
    public void A_cancelled_call_ends_at_once()
    {
        using var cancelled = new CancellationTokenSource();
        cancelled.Cancel();
        Assert.ThrowsAny<OperationCanceledException>(() => Codec.Encode(Make(64, 64), new CodecSettings(30), cancelled.Token));
    }
}
