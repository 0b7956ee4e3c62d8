using Unpress.Data;
using Unpress.Degradations;
using Unpress.Imaging;
using Unpress.Imaging.Codecs;
using Unpress.Recipes;
using Unpress.Tests.Data;

namespace Unpress.Tests.Degradations;

public sealed class HistoryDegradationTests
{
    private const int Side = 200;
    private const int Patch = 48;

    private static readonly byte[] Region = TrainingPictures.Pixels(Side, Side, 3, 5);

    [Fact]
    public void Shares_are_kept()
    {
        var options = new HistoryOptions { Raw = 0.1, Light = 0.2, Once = 0.3 };
        var facts = Enumerable.Range(0, 600).Select(i => Degrade(options, i).Facts).ToList();
        Assert.InRange(facts.Count(fact => !fact.Compressed), 40, 80);
        Assert.InRange(facts.Count(fact => fact.FirstQuality > 0), 200, 280);
        Assert.InRange(facts.Count(fact => fact is { Compressed: true, FirstQuality: 0, Quality: >= 92 }), 100, 160);
        Assert.All(facts.Where(fact => fact.FirstQuality > 0), fact => Assert.InRange(fact.Quality, 60, 100));
    }

    [Fact]
    public void Undamaged_patches_are_equal_and_all_others_are_not()
    {
        var raw = Degrade(new HistoryOptions { Raw = 1, Light = 0, Once = 0 }, 1);
        Assert.Equal(raw.Y, raw.X);
        for (int i = 0; i < 50; i++)
        {
            var damaged = Degrade(new HistoryOptions { Raw = 0 }, i);
            Assert.NotEqual(damaged.Y, damaged.X);
        }
    }

    [Fact]
    public void A_second_save_after_a_crop_is_what_two_saves_with_a_crop_between_give()
    {
        // Everything is fixed but the crop: the patch is as large as the picture that is saved last, less its margin.
        var options = new HistoryOptions
        {
            Raw = 0,
            Light = 0,
            Once = 0,
            Third = 0,
            Crop = 1,
            Scale = 0,
            Aligned = 1,
            First = new QualityDistribution { List = [20], Uniform = 0 },
            Later = new QualityDistribution { List = [90], Uniform = 0 },
            Subsampling = new SubsamplingShares { C422 = 0, C444 = 0 },
        };
        var (facts, x, y) = Degrade(options, 3);
        Assert.NotEqual((0, 0), (facts.ShiftX, facts.ShiftY));

        // The patch's place in the region is not told: it is found by the raw patch, which is a part of it.
        var (left, top) = Find(y);
        int size = Patch + 32, before = size + Math.Max(facts.ShiftX, facts.ShiftY);
        int startX = left - facts.OffsetX - facts.ShiftX, startY = top - facts.OffsetY - facts.ShiftY;
        byte[] once = Save(Cut(Region, Side, startX, startY, before), before, 20);
        byte[] twice = Save(Cut(once, before, facts.ShiftX, facts.ShiftY, size), size, 90);
        Assert.Equal(Cut(twice, size, facts.OffsetX, facts.OffsetY, Patch), x);
    }

    [Theory]
    [InlineData(0.4, 0.0)]
    [InlineData(1.0, 1.0)]
    public void Scaled_pairs_still_show_the_same_place(double scaleFrom, double enlarge)
    {
        var options = new HistoryOptions
        {
            Raw = 0,
            Light = 0,
            Once = 0,
            Third = 0.5,
            Crop = 0.5,
            Scale = 1,
            ScaleFrom = scaleFrom,
            Enlarge = enlarge,
            First = new QualityDistribution { List = [90], Uniform = 0 },
            Later = new QualityDistribution { List = [95], Uniform = 0 },
        };
        for (int i = 0; i < 40; i++)
        {
            var (_, x, y) = Degrade(options, i);
            double difference = x.Zip(y, (a, b) => Math.Abs(a - b)).Average();
            Assert.InRange(difference, 0.01, 12); // two places of these pictures differ by 40 and more
        }
    }

    [Fact]
    public void The_same_sample_is_the_same_and_gray_and_webp_and_small_regions_go()
    {
        var options = new HistoryOptions { Webp = 1, Raw = 0, Light = 0 };
        Assert.Equal(Degrade(options, 7).X, Degrade(options, 7).X);
        byte[] gray = TrainingPictures.Pixels(Patch, Patch, 1, 5), x = new byte[gray.Length], y = new byte[gray.Length];
        for (int i = 0; i < 20; i++)
        {
            var random = new SampleRandom(2, i);
            new HistoryDegradation(options).Degrade(ref random, gray, Patch, 1, Patch, x, y);
            Assert.NotEqual(y, x);
        }
    }

    [Fact]
    public void Faults_are_named_and_a_recipe_can_name_a_history()
    {
        Assert.Equal(3, new HistoryOptions { Raw = 2, ScaleFrom = 0.1 }.Faults().Count());
        Assert.Empty(new HistoryOptions().Faults());
        var section = new DegradationSection { Type = "history", Options = RecipeSection.Parse("once: 0.5\nwebp: 0.1\n") };
        Assert.Equal(0.5, Assert.IsType<HistoryDegradation>(DegradationList.Create(section)).Options.Once);
        Assert.Same(JpegCodec.Instance, DegradationList.CodecOf(section));
    }

    private static (DegradationFacts Facts, byte[] X, byte[] Y) Degrade(HistoryOptions options, int sample)
    {
        byte[] x = new byte[Patch * Patch * 3], y = new byte[x.Length];
        var random = new SampleRandom(1, sample);
        return (new HistoryDegradation(options).Degrade(ref random, Region, Side, 3, Patch, x, y), x, y);
    }

    private static (int Left, int Top) Find(byte[] patch)
    {
        for (int top = 0; top <= Side - Patch; top++)
            for (int left = 0; left <= Side - Patch; left++)
                if (Cut(Region, Side, left, top, Patch).AsSpan().SequenceEqual(patch))
                    return (left, top);
        throw new InvalidOperationException("the raw patch is not a part of the region");
    }

    private static byte[] Save(byte[] pixels, int size, int quality)
    {
        byte[] result = new byte[pixels.Length];
        JpegCodec.Roundtrip(pixels, size, size, 3, quality, ChromaSubsampling.C420, result);
        return result;
    }

    private static byte[] Cut(byte[] pixels, int width, int left, int top, int size) =>
        [.. Enumerable.Range(top, size).SelectMany(row => pixels.AsSpan(((row * width) + left) * 3, size * 3).ToArray())];
}
