using Unpress.Data;
using Unpress.Degradations;
using Unpress.Imaging;
using Unpress.Imaging.Codecs;
using Unpress.Tests.Data;

namespace Unpress.Tests.Degradations;

public sealed class JpegDegradationTests
{
    private const int Side = 80;
    private const int Patch = 48;

    private static readonly byte[] Region = TrainingPictures.Pixels(Side, Side, 3, 5);

    [Fact]
    public void Shares_are_kept()
    {
        var facts = Draw(new JpegOptions { Raw = 0.2, Double = 0.5, Shifted = 0.5, Aligned = 0.5 }, 1000);
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
        new JpegDegradation(new JpegOptions { Raw = 1 }).Degrade(ref random, Region, Side, 3, Patch, x, y);
        Assert.Equal(y, x);
        new JpegDegradation(new JpegOptions()).Degrade(ref random, Region, Side, 3, Patch, x, y);
        Assert.NotEqual(y, x);
    }

    [Fact]
    public void Saved_twice_with_a_shift_is_what_two_saves_with_a_crop_between_give()
    {
        var options = new JpegOptions { Double = 1, Shifted = 1, Aligned = 0, Subsampling = new SubsamplingShares { C422 = 0, C444 = 0 } };
        byte[] x = new byte[Patch * Patch * 3], y = new byte[x.Length];
        var random = new SampleRandom(1, 3);
        var facts = new JpegDegradation(options).Degrade(ref random, Region, Side, 3, Patch, x, y);
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
        Assert.Equal(2, new JpegOptions { Double = 2, Raw = double.NaN }.Faults().Count());
        Assert.Equal(2, new QualityDistribution { Min = 0, List = [101] }.Faults().Count());
        Assert.Single(new SubsamplingShares { C420 = -1 }.Faults());
        Assert.Empty(new JpegOptions().Faults());
    }

    private static List<DegradationFacts> Draw(JpegOptions options, int count)
    {
        byte[] x = new byte[Patch * Patch * 3], y = new byte[x.Length];
        var degradation = new JpegDegradation(options);
        var facts = new List<DegradationFacts>();
        for (int i = 0; i < count; i++)
        {
            var random = new SampleRandom(3, i);
            facts.Add(degradation.Degrade(ref random, Region, Side, 3, Patch, x, y));
        }

        return facts;
    }

    private static byte[] Cut(byte[] pixels, int width, int left, int top, int cutWidth, int cutHeight)
    {
        byte[] result = new byte[cutWidth * cutHeight * 3];
        for (int i = 0; i < result.Length; i++)
            result[i] = pixels[((((i / (cutWidth * 3)) + top) * width) + left) * 3 + (i % (cutWidth * 3))];
        return result;
    }
}
