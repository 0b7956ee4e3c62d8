using Unpress.Imaging.Codecs;
using Unpress.Imaging.Colour;
using static Unpress.Imaging.Tests.Codecs.TestPictures;

namespace Unpress.Imaging.Tests.Codecs;

/// <summary>What holds for each codec on the list. Those whose encoder this machine lacks are listed as skipped.</summary>
public class EveryCodecTests
{
    [CodecTheory]
    [MemberData(nameof(CodecsHere))]
    public void Better_quality_means_more_bytes_and_a_higher_psnr(string name)
    {
        var codec = CodecList.Find(name);
        var image = Make(150, 101);
        double psnr = 0;
        int bytes = 0;
        foreach (int quality in WorstToBest(codec))
        {
            var encoded = codec.Encode(image, new CodecSettings(quality, codec.Subsamplings[0]));
            double now = Psnr(image, codec.Decode(encoded.Bytes));
            Assert.InRange(now, Math.Max(14, psnr + 0.5), 60);
            Assert.InRange(encoded.Bytes.Length, bytes + 1, image.Data.Length);
            Assert.Equal(encoded.Bytes.Length * 8.0 / (150 * 101), encoded.BitsPerPixel);
            (psnr, bytes) = (now, encoded.Bytes.Length);
        }

        Assert.True(psnr > 25, $"{psnr} dB at best");
    }

    [CodecTheory]
    [MemberData(nameof(CodecsHere))]
    public void Odd_sizes_gray_and_every_subsampling_come_back(string name)
    {
        var codec = CodecList.Find(name);
        int best = WorstToBest(codec)[^1];
        foreach (var (width, height) in new[] { (1, 1), (17, 13), (70, 3) })
        {
            foreach (var subsampling in codec.Subsamplings)
            {
                var image = Smooth(width, height, ColourModel.Rgb);
                Assert.InRange(Psnr(image, codec.Decode(codec.Encode(image, new CodecSettings(best, subsampling)).Bytes)), 28, double.PositiveInfinity);
            }

            var gray = Smooth(width, height, ColourModel.Gray);
            var back = PixelConversion.ToGray(codec.Decode(codec.Encode(gray, new CodecSettings(best)).Bytes));
            Assert.InRange(Psnr(gray, back), 34, double.PositiveInfinity);
        }
    }

    [CodecTheory]
    [MemberData(nameof(CodecsHere))]
    public void The_same_picture_gives_the_same_bytes(string name)
    {
        var codec = CodecList.Find(name);
        var image = Make(99, 80);
        var settings = new CodecSettings(WorstToBest(codec)[1], codec.Subsamplings[0]);
        byte[] first = codec.Encode(image, settings).Bytes;
        Assert.Equal(first, codec.Encode(image, settings).Bytes);
    }

    [CodecTheory]
    [MemberData(nameof(CodecsHere))]
    public void Bytes_that_are_something_else_are_refused(string name)
    {
        var codec = CodecList.Find(name);
        foreach (byte[] bytes in new byte[][] { [], [1, 2, 3], [.. "GIF89a, or so it says, and then text without end"u8] })
        {
            var error = Record.Exception(() => codec.Decode(bytes));
            Assert.True(error is InvalidDataException or NativeImageException, $"{error}");
        }
    }

    [Theory]
    [MemberData(nameof(AllCodecs))]
    public void Wrong_requests_are_refused_at_the_door(string name)
    {
        var codec = CodecList.Find(name);
        var image = Make(8, 8);
        foreach (int quality in new[] { codec.MinQuality - 1, codec.MaxQuality + 1 })
            Assert.Throws<ArgumentOutOfRangeException>(() => codec.Encode(image, new CodecSettings(quality, codec.Subsamplings[0])));
        var settings = new CodecSettings(codec.MaxQuality, codec.Subsamplings[0]);
        Assert.Throws<ArgumentException>(() => codec.Encode(new ImageBuffer(8, 8, ColourModel.Rgb, hasAlpha: true), settings));
        Assert.Throws<ArgumentException>(() => codec.Encode(new ImageBuffer(8, 8, ColourModel.Cmyk), settings));
        Assert.Throws<ArgumentException>(() => codec.Encode(new ImageBuffer(8, 8, ColourModel.Rgb, bitsPerSample: 16), settings));
        foreach (var other in Enum.GetValues<ChromaSubsampling>().Except(codec.Subsamplings))
            Assert.Throws<ArgumentException>(() => codec.Encode(image, settings with { Subsampling = other }));
    }

    [Theory]
    [MemberData(nameof(AllCodecs))]
    public void Each_says_what_it_is(string name)
    {
        var codec = CodecList.Find(name.ToUpperInvariant());
        Assert.Equal(name, codec.Name);
        Assert.StartsWith(".", codec.Extension, StringComparison.Ordinal);
        Assert.Contains($"{codec.MinQuality}-{codec.MaxQuality}", codec.QualityName, StringComparison.Ordinal);
        Assert.Contains("is better", codec.QualityName, StringComparison.Ordinal);
    }

    [CodecTheory]
    [MemberData(nameof(CodecsHere))]
    public void The_encoder_is_named_with_its_version(string name) => Assert.Matches(@"\d+\.\d+", CodecList.Find(name).Encoder);

    [Fact]
    public void Names_differ_and_an_unknown_one_gets_the_list()
    {
        Assert.Equal(CodecList.All.Count, CodecList.All.Select(codec => codec.Name).Distinct().Count());
        var error = Assert.Throws<ArgumentException>(() => CodecList.Find("jpg"));
        Assert.Contains("jpeg, hevc, webp, avif, jp2", error.Message, StringComparison.Ordinal);
    }

    public static TheoryData<string> AllCodecs() => [.. CodecList.All.Select(codec => codec.Name)];

    public static TheoryData<string> CodecsHere() => [.. CodecList.All.Where(CodecTheoryAttribute.IsHere).Select(codec => codec.Name)];

    private static int[] WorstToBest(ICodec codec) => codec.Name switch
    {
        "hevc" => [51, 37, 22, 4],
        "jp2" => [20, 30, 44],
        _ => [5, 40, 95],
    };

    // Slow waves of one hue: chroma subsampling costs next to nothing.
    private static ImageBuffer Smooth(int width, int height, ColourModel model)
    {
        var image = new ImageBuffer(width, height, model);
        for (int i = 0; i < width * height; i++)
        {
            double wave = 40 * Math.Sin(i % width / 15.0) * Math.Cos(i / width / 12.0);
            for (int band = 0; band < image.Bands; band++)
                image.Data[(i * image.Bands) + band] = (byte)(110 + (band * 20) + wave);
        }

        return image;
    }
}
