using Unpress.Data;
using Unpress.Degradations;
using Unpress.Imaging;
using Unpress.Imaging.Codecs;
using Unpress.Imaging.Colour;
using Unpress.Recipes;
using Unpress.Tests.Data;

namespace Unpress.Tests.Degradations;

public sealed class CodecDegradationTests
{
    private const int Side = 80;
    private const int Patch = 48;

    private static readonly byte[] Region = TrainingPictures.Pixels(Side, Side, 3, 5);

    [Fact]
    public void Shares_are_kept()
    {
        var facts = Draw(new CompressionOptions { Raw = 0.2, Double = 0.5, Shifted = 0.5, Aligned = 0.5 }, 1000);
        Assert.InRange(facts.Count(fact => !fact.Compressed), 150, 250);
        Assert.InRange(facts.Count(fact => fact.FirstQuality > 0), 340, 460); // half of the compressed ones
        Assert.InRange(facts.Count(fact => fact.ShiftX > 0), 120, 230); // half of those, 7 times in 8
        Assert.InRange(facts.Count(fact => fact.Subsampling == ChromaSubsampling.C420), 750, 850);
        Assert.All(facts.Where(fact => fact.Compressed), fact => Assert.InRange(fact.Quality, 5, 98));
    }

    [Fact]
    public void Uncompressed_patches_are_equal_and_compressed_ones_are_not()
    {
        byte[] x = new byte[Patch * Patch * 3], y = new byte[x.Length];
        var random = new SampleRandom(1, 1);
        new CodecDegradation(JpegCodec.Instance, new CompressionOptions { Raw = 1 }).Degrade(ref random, Region, Side, 3, Patch, x, y);
        Assert.Equal(y, x);
        new CodecDegradation(JpegCodec.Instance, new CompressionOptions()).Degrade(ref random, Region, Side, 3, Patch, x, y);
        Assert.NotEqual(y, x);
    }

    [Fact]
    public void Saved_twice_with_a_shift_is_what_two_saves_with_a_crop_between_give()
    {
        var options = new CompressionOptions { Double = 1, Shifted = 1, Aligned = 0, Subsampling = new SubsamplingShares { C422 = 0, C444 = 0 } };
        byte[] x = new byte[Patch * Patch * 3], y = new byte[x.Length];
        var random = new SampleRandom(1, 3);
        var facts = new CodecDegradation(JpegCodec.Instance, options).Degrade(ref random, Region, Side, 3, Patch, x, y);
        Assert.NotEqual((0, 0), (facts.ShiftX, facts.ShiftY));

        byte[] once = new byte[Region.Length];
        JpegCodec.Roundtrip(Region, Side, Side, 3, facts.FirstQuality, ChromaSubsampling.C420, once);
        int width = Side - facts.ShiftX, height = Side - facts.ShiftY;
        byte[] cropped = Cut(once, Side, facts.ShiftX, facts.ShiftY, width, height), twice = new byte[cropped.Length];
        JpegCodec.Roundtrip(cropped, width, height, 3, facts.Quality, ChromaSubsampling.C420, twice);
        Assert.Equal(Cut(twice, width, facts.OffsetX, facts.OffsetY, Patch, Patch), x);
        Assert.Equal(Cut(Region, Side, facts.ShiftX + facts.OffsetX, facts.ShiftY + facts.OffsetY, Patch, Patch), y);
    }

    [Fact]
    public void Qualities_come_from_the_range_and_the_list_in_the_shares_asked_for()
    {
        var distribution = new QualityDistribution { Min = 50, Max = 60, List = [10, 20], Uniform = 0.25 };
        var drawn = Enumerable.Range(0, 2000).Select(i =>
        {
            var random = new SampleRandom(4, i);
            return distribution.Draw(ref random);
        }).ToList();
        Assert.Equal([10, 20, 50, 51, 52, 53, 54, 55, 56, 57, 58, 59, 60], drawn.Distinct().Order());
        Assert.InRange(drawn.Count(quality => quality >= 50), 420, 580);
        Assert.InRange(drawn.Count(quality => quality == 10), 650, 850);
    }

    [Fact]
    public void All_faults_are_named_together()
    {
        Assert.Equal(2, new CompressionOptions { Double = 2, Raw = double.NaN }.Faults().Count());
        Assert.Equal(2, new QualityDistribution { Min = 5, Max = 4, Uniform = 2 }.Faults().Count());
        Assert.Equal(2, new QualityDistribution { Min = 0, List = [101] }.FaultsFor(JpegCodec.Instance).Count());
        Assert.Single(new SubsamplingShares { C420 = -1 }.Faults());
        Assert.Empty(new CompressionOptions().Faults());
    }

    [Theory]
    [InlineData(3)]
    [InlineData(1)]
    public void Another_codec_s_patches_are_cut_from_what_it_gives_back(int bands)
    {
        var codec = CodecList.Find("webp");
        var options = new CompressionOptions { Quality = new() { List = [30], Uniform = 0 }, Subsampling = new() { C420 = 1, C422 = 0, C444 = 0 } };
        byte[] region = TrainingPictures.Pixels(Side, Side, bands, 5), x = new byte[Patch * Patch * bands], y = new byte[x.Length];
        var random = new SampleRandom(1, 2);
        var facts = new CodecDegradation(codec, options).Degrade(ref random, region, Side, bands, Patch, x, y);
        Assert.Equal((true, 30), (facts.Compressed, facts.Quality));

        var picture = new ImageBuffer(Side, Side, bands == 1 ? ColourModel.Gray : ColourModel.Rgb, data: region);
        var decoded = codec.Decode(codec.Encode(picture, new CodecSettings(30)).Bytes);
        byte[] expected = (bands == 1 ? PixelConversion.ToGray(decoded) : decoded).Data;
        Assert.Equal(Cut(expected, Side, facts.OffsetX, facts.OffsetY, Patch, Patch, bands), x);
        Assert.Equal(Cut(region, Side, facts.OffsetX, facts.OffsetY, Patch, Patch, bands), y);
    }

    [Theory]
    [InlineData("{ type: hevc, quality: { list: [37] } }", "min..max is 5..98, and hevc takes QP (0-51, lower is better); or set uniform to 0")]
    [InlineData("{ type: webp, quality: { list: [37], uniform: 0 } }", "subsampling: c422 is 0.05, and webp cannot code it")]
    [InlineData("{ type: jpeg, quality: { list: [0] } }", "list has 0, and jpeg takes QF")]
    public void What_the_codec_cannot_do_is_refused(string section, string reason)
    {
        var degradation = RecipeReader.Read<DegradationSection>(RecipeSection.Parse(section));
        Assert.Contains(reason, Assert.Throws<RecipeException>(() => DegradationList.Create(degradation)).Message, StringComparison.Ordinal);
    }

    private static List<DegradationFacts> Draw(CompressionOptions options, int count)
    {
        byte[] x = new byte[Patch * Patch * 3], y = new byte[x.Length];
        var degradation = new CodecDegradation(JpegCodec.Instance, options);
        var facts = new List<DegradationFacts>();
        for (int i = 0; i < count; i++)
        {
            var random = new SampleRandom(3, i);
            facts.Add(degradation.Degrade(ref random, Region, Side, 3, Patch, x, y));
        }

        return facts;
    }

    private static byte[] Cut(byte[] pixels, int width, int left, int top, int cutWidth, int cutHeight, int bands = 3)
    {
        byte[] result = new byte[cutWidth * cutHeight * bands];
        for (int i = 0; i < result.Length; i++)
            result[i] = pixels[((((i / (cutWidth * bands)) + top) * width) + left) * bands + (i % (cutWidth * bands))];
        return result;
    }
}
