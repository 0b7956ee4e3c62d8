using Unpress.Evaluation.Cycles;
using Unpress.Imaging;
using Unpress.Imaging.Codecs;
using Unpress.Imaging.Jpeg;
using Unpress.Metrics;
using Unpress.Tests.Metrics;

namespace Unpress.Tests.Evaluation.Cycles;

public sealed class CycleRunnerTests
{
    [Fact]
    public void Each_cycle_gets_the_last_ones_pixels_and_is_measured_against_the_original()
    {
        using var files = new PictureFiles();
        string file = files.Add("a.png", TestPictures.Waves(48, 40));
        var original = ImageFile.Load(file);
        var cycles = new List<int>();
        var table = new CycleRunner(Options([file]), (image, cycle) =>
        {
            Assert.Equal(cycle == 1, image.Metadata.Jpeg is not null);
            cycles.Add(cycle);
            return Darker(image);
        }).Run(null, CancellationToken.None);

        Assert.Equal([1, 2, 3], cycles);
        var picture = JpegCodec.Instance.Decode(JpegCodec.Instance.Encode(original, new CodecSettings(30)).Bytes);
        var expected = new List<double>();
        for (int cycle = 0; cycle <= 3; cycle++, picture = Darker(picture))
            expected.Add(new Psnr().Measure(original, picture));
        Assert.Equal(expected, table.Means(30, table.Options.Metrics[0]));
        Assert.Equal(DegradationIndex.Of([.. expected.Skip(1)], MetricDirection.HigherIsBetter), table.Index(30, table.Options.Metrics[0]));
    }

    [Fact]
    public void Consistent_cycles_stay_within_the_file()
    {
        using var files = new PictureFiles();
        string file = files.Add("a.png", TestPictures.Waves(48, 32));
        byte[] jpeg = JpegCodec.Instance.Encode(ImageFile.Load(file), new CodecSettings(30)).Bytes;
        var seen = new List<ImageBuffer>();
        new CycleRunner(Options([file]) with { Consistent = true }, (image, _) =>
        {
            seen.Add(image);
            return Darker(image);
        }).Run(null, CancellationToken.None);
        var again = JpegCodec.Instance.Encode(seen[2], new CodecSettings(30)).Bytes;
        Assert.Equal(JpegCoefficients.Read(jpeg, "a").Planes, JpegCoefficients.Read(again, "b").Planes);
    }

    [Fact]
    public void A_picture_that_fails_is_named_and_left_out()
    {
        using var files = new PictureFiles();
        string good = files.Add("a.png", TestPictures.Waves(48, 40));
        var table = new CycleRunner(Options([files.PathOf("missing.png"), good]), (image, _) => image).Run(null, CancellationToken.None);
        Assert.Contains("missing.png", Assert.Single(table.Errors), StringComparison.Ordinal);
        Assert.Equal(1, table.Pictures);
        Assert.Equal(0, table.Index(30, table.Options.Metrics[0]));
    }

    [Fact]
    public void A_metric_that_refuses_a_picture_leaves_it_to_the_others()
    {
        using var files = new PictureFiles();
        string small = files.Add("a.png", TestPictures.Waves(48, 40)), large = files.Add("b.png", TestPictures.Waves(190, 180));
        var options = Options([small, large]) with { Metrics = [new Psnr(), new MsSsim()] };
        var table = new CycleRunner(options, (image, _) => Darker(image)).Run(null, CancellationToken.None);
        Assert.Contains($"{small}: left out of ms-ssim", Assert.Single(table.Errors), StringComparison.Ordinal);
        Assert.Equal((2, 2, 1), (table.Pictures, table.Count(options.Metrics[0]), table.Count(options.Metrics[1])));
        var alone = new CycleRunner(options with { Originals = [large] }, (image, _) => Darker(image)).Run(null, CancellationToken.None);
        Assert.Equal(alone.Means(30, options.Metrics[1]), table.Means(30, options.Metrics[1]));
        Assert.NotEqual(alone.Means(30, options.Metrics[0]), table.Means(30, options.Metrics[0]));
    }

    [Fact]
    public void Options_that_make_no_sense_are_refused() => Assert.Throws<ArgumentException>(
        () => new CycleRunner(Options(["a.png"]) with { Cycles = 1 }, (image, _) => image));

    private static CycleOptions Options(string[] files) =>
        new() { Originals = files, Codec = JpegCodec.Instance, Qualities = [30], Cycles = 3, Metrics = [MetricCatalog.Find("psnr")] };

    private static ImageBuffer Darker(ImageBuffer image)
        => new(image.Width, image.Height, image.Model, data: Array.ConvertAll(image.Data, level => (byte)Math.Max(0, level - 3)));
}
