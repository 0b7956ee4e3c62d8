using Unpress.Data;
using Unpress.Degradations;
using Unpress.Imaging.Codecs;
using Unpress.Patches;
using Unpress.Recipes;
using Unpress.Tests.Data;

namespace Unpress.Tests.Patches;

public sealed class PatchSamplerTests : IDisposable
{
    private readonly TrainingPictures _pictures = new((96, 70, 3), (200, 150, 3), (90, 100, 1));
    private readonly PackedImages _pack;

    public PatchSamplerTests() => _pack = _pictures.Open();

    public void Dispose()
    {
        _pack.Dispose();
        _pictures.Dispose();
    }

    [Fact]
    public void A_sample_is_a_pure_function_of_seed_and_index()
    {
        var options = new CompressionOptions { Double = 0.5, Raw = 0.1 };
        var forward = Enumerable.Range(0, 60).Select(i => Make(Sampler(options), i)).ToList();
        var sampler = Sampler(options);
        for (int i = 59; i >= 0; i--)
        {
            var (x, y, facts) = Make(sampler, i);
            Assert.Equal(forward[i].Facts, facts);
            Assert.Equal(forward[i].X, x);
            Assert.Equal(forward[i].Y, y);
        }

        Assert.Equal(60, forward.Select(sample => sample.Facts).Distinct().Count());
        Assert.NotEqual(forward[5].Facts, Make(Sampler(options, seed: 2), 5).Facts);
    }

    [Fact]
    public void The_raw_patch_is_the_picture_turned_as_the_facts_say()
    {
        var sampler = Sampler(new CompressionOptions { Double = 0.5 });
        var seen = new HashSet<int>();
        for (int i = 0; i < 200; i++)
        {
            var (_, y, facts) = Make(sampler, i);
            seen.Add(facts.Orientation);
            Assert.Equal(SlowRawPatch(facts), y);
        }

        Assert.Equal(8, seen.Count);
    }

    [Fact]
    public void The_compressed_patch_lies_where_the_raw_one_lies()
    {
        // At quality 95 without subsampling the two are nearly equal; a shift by one pixel or a wrong turn is not.
        var sampler = Sampler(new CompressionOptions
        {
            Quality = new QualityDistribution { Min = 95, Max = 95 },
            Subsampling = new SubsamplingShares { C420 = 0, C422 = 0, C444 = 1 },
            Double = 0.5,
        });
        for (int i = 0; i < 100; i++)
        {
            var (x, y, _) = Make(sampler, i);
            double here = Enumerable.Range(0, x.Length).Average(k => Math.Abs(x[k] - y[k]));
            double beside = Enumerable.Range(3, x.Length - 3).Average(k => Math.Abs(x[k] - y[k - 3]));
            Assert.True(here < 2 && here < beside / 2, $"sample {i}: {here} here, {beside} one pixel aside");
        }
    }

    [Fact]
    public void An_aligned_patch_is_a_part_of_the_whole_region_compressed()
    {
        var sampler = Sampler(new CompressionOptions { Aligned = 1 }, gray: 0);
        int seen = 0;
        for (int i = 0; i < 60; i++)
        {
            var (x, _, facts) = Make(sampler, i);
            Assert.Equal((0, 0), (facts.Degradation.OffsetX % 16, facts.Degradation.OffsetY % 16));
            if (facts.Gray || facts.Orientation != 0)
                continue;
            var image = _pack[facts.Image];
            int side = Math.Min(Size + 32, Math.Min(image.Width, image.Height));
            byte[] region = new byte[side * side * 3], compressed = new byte[region.Length];
            Dihedral.CopySquare(_pack.Pixels(facts.Image), image.Width, 3, facts.Left, facts.Top, side, 0, 3, region);
            JpegCodec.Roundtrip(region, side, side, 3, facts.Degradation.Quality, facts.Degradation.Subsampling, compressed);
            for (int row = 0; row < Size; row++)
            {
                int from = (((facts.Degradation.OffsetY + row) * side) + facts.Degradation.OffsetX) * 3;
                Assert.True(x.AsSpan(row * Size * 3, Size * 3).SequenceEqual(compressed.AsSpan(from, Size * 3)));
            }

            seen++;
        }

        Assert.True(seen > 2);
    }

    [Fact]
    public void Every_phase_of_the_grid_is_seen()
    {
        var sampler = Sampler(new CompressionOptions { Aligned = 0 });
        var facts = Enumerable.Range(0, 400).Select(i => Make(sampler, i).Facts.Degradation).ToList();
        Assert.Equal(8, facts.Select(fact => fact.OffsetX % 8).Distinct().Count());
        Assert.Equal(8, facts.Select(fact => fact.OffsetY % 8).Distinct().Count());
    }

    [Fact]
    public void Gray_patches_have_three_equal_channels_or_one()
    {
        var (x, y, facts) = Make(Sampler(new CompressionOptions(), gray: 1), 0);
        Assert.True(facts.Gray);
        Assert.All(Enumerable.Range(0, Size * Size), i => Assert.True(x[3 * i] == x[(3 * i) + 1] && y[3 * i] == y[(3 * i) + 2]));

        var luma = Make(Sampler(new CompressionOptions(), channels: 1), 0);
        Assert.Equal(Size * Size, luma.X.Length);
        Assert.Equal(y.Where((_, i) => i % 3 == 0), luma.Y);
    }

    [Fact]
    public void Large_pictures_are_drawn_more_often_unless_told_otherwise()
    {
        int Draws(ImageWeighting weighting)
            => Enumerable.Range(0, 600).Count(i => Make(Sampler(new CompressionOptions(), weighting: weighting), i).Facts.Image == 1);
        Assert.InRange(Draws(ImageWeighting.Area), 360, 440); // 30,000 of 45,720 pixels
        Assert.InRange(Draws(ImageWeighting.Uniform), 150, 250);
    }

    private const int Size = 48;

    private PatchSampler Sampler(
        CompressionOptions jpeg, ulong seed = 1, double gray = 0.3, int channels = 3, ImageWeighting weighting = ImageWeighting.Area) =>
        new(_pack, new CodecDegradation(JpegCodec.Instance, jpeg),
            new PatchOptions { Size = Size, Gray = gray, Channels = channels, Weighting = weighting }, seed);

    private static (byte[] X, byte[] Y, PatchFacts Facts) Make(PatchSampler sampler, long index)
    {
        byte[] x = new byte[sampler.PatchBytes], y = new byte[sampler.PatchBytes];
        var facts = sampler.Sample(index, x, y);
        return (x, y, facts);
    }

    // The same patch by the definition of an orientation, one pixel at a time.
    private byte[] SlowRawPatch(PatchFacts facts)
    {
        var image = _pack[facts.Image];
        int side = Math.Min(Size + 32, Math.Min(image.Width, image.Height));
        byte[] result = new byte[Size * Size * 3];
        for (int y = 0; y < Size; y++)
        {
            for (int x = 0; x < Size; x++)
            {
                int sx = x + facts.Degradation.OffsetX + facts.Degradation.ShiftX, sy = y + facts.Degradation.OffsetY + facts.Degradation.ShiftY;
                if ((facts.Orientation & 4) != 0)
                    (sx, sy) = (sy, sx);
                if ((facts.Orientation & 1) != 0)
                    sx = side - 1 - sx;
                if ((facts.Orientation & 2) != 0)
                    sy = side - 1 - sy;
                var pixel = _pack.Pixels(facts.Image).Slice((((facts.Top + sy) * image.Width) + facts.Left + sx) * image.Bands, image.Bands);
                for (int band = 0; band < 3; band++)
                {
                    result[(((y * Size) + x) * 3) + band] = image.Bands == 1 ? pixel[0]
                        : facts.Gray ? (byte)Math.Floor((0.299 * pixel[0]) + (0.587 * pixel[1]) + (0.114 * pixel[2]) + 0.5)
                        : pixel[band];
                }
            }
        }

        return result;
    }
}
