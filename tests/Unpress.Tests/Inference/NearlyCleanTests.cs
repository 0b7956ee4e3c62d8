using Unpress.Imaging;
using Unpress.Imaging.Codecs;
using Unpress.Inference;

namespace Unpress.Tests.Inference;

public sealed class NearlyCleanTests
{
    [Theory]
    [InlineData(10, 1)]
    [InlineData(90, 1)]
    [InlineData(95, 0.5)]
    [InlineData(98, 0.2)]
    [InlineData(100, 0)]
    public void The_share_falls_above_quality_90(int quality, double share)
    {
        var picture = new ImageBuffer(16, 16, ColourModel.Rgb);
        var decoded = JpegCodec.Instance.Decode(JpegCodec.Instance.Encode(picture, new CodecSettings(quality)).Bytes);
        Assert.Equal(share, NearlyClean.Share(decoded.Metadata.Jpeg), 9);
    }

    [Theory]
    [InlineData(98, 1)]
    [InlineData(99, 0.5)]
    [InlineData(100, 0)]
    public void A_model_may_say_where_the_fall_begins(int quality, double share)
    {
        var picture = new ImageBuffer(16, 16, ColourModel.Rgb);
        var decoded = JpegCodec.Instance.Decode(JpegCodec.Instance.Encode(picture, new CodecSettings(quality)).Bytes);
        Assert.Equal(share, NearlyClean.Share(decoded.Metadata.Jpeg, 98), 9);
    }

    [Fact]
    public void A_picture_without_tables_gets_all() => Assert.Equal(1, NearlyClean.Share(jpeg: null));

    [Theory]
    [InlineData(20, 1)]
    [InlineData(null, 0)]
    public void The_last_table_is_not_believed_against_the_pixels(int? first, double share)
    {
        var random = new Random(1);
        var picture = new ImageBuffer(160, 160, ColourModel.Gray);
        for (int i = 0; i < picture.Data.Length; i++)
            picture.Data[i] = (byte)Math.Clamp(128 + (70 * Math.Sin((i % 160 / 7.0) + (i / 160 / 11.0))) + random.Next(-20, 21), 0, 255);
        if (first is { } quality)
            picture = JpegCodec.Instance.Decode(JpegCodec.Instance.Encode(picture, new CodecSettings(quality)).Bytes);
        var last = JpegCodec.Instance.Decode(JpegCodec.Instance.Encode(picture, new CodecSettings(100)).Bytes);
        Assert.Equal(share, NearlyClean.Share(last, 98), 9);
    }
}
