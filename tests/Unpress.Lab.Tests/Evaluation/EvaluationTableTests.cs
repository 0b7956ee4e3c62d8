using Unpress.Evaluation;
using Unpress.Imaging;
using Unpress.Imaging.Codecs;
using Unpress.Imaging.Jpeg;
using Unpress.Metrics;
using Unpress.Tests.Metrics;

namespace Unpress.Tests.Evaluation;

public class EvaluationTableTests
{
    [Fact]
    public void Compressed_and_restored_are_measured_against_the_original()
    {
        using var files = new PictureFiles();
        string[] names = [files.Add("a.jpg", TestPictures.Waves(48, 40)), files.Add("b.jpg", TestPictures.Waves(64, 40, seed: 9))];
        int calls = 0, inside = 0;

        var table = EvaluationTable.Run(Options(names, 10, 90), "blackout", image =>
        {
            Assert.Equal(1, Interlocked.Increment(ref inside));
            calls++;
            Thread.Sleep(5);
            Interlocked.Decrement(ref inside);
            return new ImageBuffer(image.Width, image.Height, image.Model);
        }, onDone: null, CancellationToken.None);

        Assert.Equal(4, calls);
        Assert.Equal(8, table.Rows.Count);
        Assert.Equal(["compressed", "blackout"], table.Methods);
        foreach (int quality in new[] { 10, 90 })
        {
            double[] expected = [.. names.Select(name => ImageFile.Load(name)).Select(image => new Psnr().Measure(image, Jpeg(image, quality)))];
            Assert.Equal(expected.Average(), table.Mean(quality, EvaluationTable.Compressed, "psnr"), 1e-9);
            double[] black = [.. names.Select(name => ImageFile.Load(name))
                .Select(image => new Psnr().Measure(image, new ImageBuffer(image.Width, image.Height, image.Model)))];
            Assert.Equal(black.Average(), table.Mean(quality, "blackout", "psnr"), 1e-9);
        }
        Assert.True(table.MeanBitsPerPixel(90) > table.MeanBitsPerPixel(10));
    }

    [Fact]
    public void Gray_means_the_rounded_studio_luma()
    {
        var image = new ImageBuffer(3, 1, ColourModel.Rgb, data: [0, 0, 0, 255, 255, 255, 255, 0, 0]);
        // Pure red: 16 + 65.481 = 81.481.
        Assert.Equal([16, 235, 81], StudioGray.From(image).Data);

        using var files = new PictureFiles();
        string name = files.Add("a.jpg", TestPictures.Waves(48, 40));
        var table = EvaluationTable.Run(Options([name], 10) with { Gray = true }, "none", null, null, CancellationToken.None);
        var gray = StudioGray.From(ImageFile.Load(name));
        Assert.Equal(new Psnr().Measure(gray, Jpeg(gray, 10)), table.Mean(10, EvaluationTable.Compressed, "psnr"), 1e-12);
    }

    [Fact]
    public void A_picture_that_fails_is_named_and_left_out()
    {
        using var files = new PictureFiles();
        string good = files.Add("a.jpg", TestPictures.Waves(48, 40)), odd = files.Add("b.jpg", TestPictures.Waves(50, 40));
        var table = EvaluationTable.Run(
            Options([good, odd, files.PathOf("missing.jpg")], 10),
            "crop", image => image.Width == 50 ? new ImageBuffer(9, 9, image.Model) : image, null, CancellationToken.None);
        Assert.All(table.Rows, row => Assert.Equal("a", row.Image));
        Assert.Equal(2, table.Errors.Count);
        Assert.Contains(odd, table.Errors[0], StringComparison.Ordinal);
        Assert.Contains("missing.jpg", table.Errors[1], StringComparison.Ordinal);
    }

    [Fact]
    public void A_metric_that_refuses_a_picture_leaves_it_to_the_others()
    {
        using var files = new PictureFiles();
        string small = files.Add("a.jpg", TestPictures.Waves(48, 40)), large = files.Add("b.jpg", TestPictures.Waves(190, 180));
        var table = EvaluationTable.Run(
            Options([small, large], 10, 90) with { Metrics = [new Psnr(), new MsSsim()] }, "none", null, null, CancellationToken.None);

        string error = Assert.Single(table.Errors);
        Assert.Contains($"{small}: left out of ms-ssim", error, StringComparison.Ordinal);
        Assert.Contains("176 pixels", error, StringComparison.Ordinal);
        Assert.Contains("quality 10", error, StringComparison.Ordinal);
        Assert.Equal((2, 2, 1), (table.Pictures, table.Count("psnr"), table.Count("ms-ssim")));
        var original = ImageFile.Load(large);
        Assert.Equal(new MsSsim().Measure(original, Jpeg(original, 90)), table.Mean(90, EvaluationTable.Compressed, "ms-ssim"), 1e-12);
        double[] both = [.. new[] { small, large }.Select(name => ImageFile.Load(name)).Select(image => new Psnr().Measure(image, Jpeg(image, 90)))];
        Assert.Equal(both.Average(), table.Mean(90, EvaluationTable.Compressed, "psnr"), 1e-9);
    }

    [Fact]
    public void A_metric_that_refuses_a_picture_once_leaves_it_out_at_all_qualities()
    {
        using var files = new PictureFiles();
        string name = files.Add("a.jpg", TestPictures.Waves(48, 40));
        // Only the restored pictures are flat.
        var table = EvaluationTable.Run(
            Options([name], 10) with { Metrics = [new Psnr(), new RefusesFlat()] }, "blackout",
            image => new ImageBuffer(image.Width, image.Height, image.Model), null, CancellationToken.None);
        Assert.All(table.Rows, row => Assert.True(double.IsFinite(row.Values[0]) && double.IsNaN(row.Values[1])));
        Assert.Contains("flat (quality 10, blackout)", Assert.Single(table.Errors), StringComparison.Ordinal);
        Assert.True(double.IsNaN(table.Mean(10, EvaluationTable.Compressed, "flat")));
    }

    [Fact]
    public void A_picture_that_all_metrics_refuse_is_left_out()
    {
        using var files = new PictureFiles();
        var table = EvaluationTable.Run(
            Options([files.Add("a.jpg", TestPictures.Waves(48, 40))], 10) with { Metrics = [new MsSsim()] }, "none", null, null, CancellationToken.None);
        Assert.Empty(table.Rows);
        Assert.Equal(0, table.Pictures);
        Assert.Contains("ms-ssim", Assert.Single(table.Errors), StringComparison.Ordinal);
    }

    [Fact]
    public void Each_cycle_gets_the_last_ones_pixels_and_is_measured_against_the_original()
    {
        using var files = new PictureFiles();
        string file = files.Add("a.png", TestPictures.Waves(48, 40));
        var original = ImageFile.Load(file);
        var fromJpeg = new List<bool>();
        var table = EvaluationTable.Run(Repeated([file]), "darker", image =>
        {
            fromJpeg.Add(image.Metadata.Jpeg is not null);
            return Darker(image);
        }, null, CancellationToken.None);

        Assert.Equal([true, false, false], fromJpeg);
        Assert.Equal([0, 1, 2, 3], table.Rows.Select(row => row.Cycle));
        var picture = JpegCodec.Instance.Decode(JpegCodec.Instance.Encode(original, new CodecSettings(30)).Bytes);
        var expected = new List<double>();
        for (int cycle = 0; cycle <= 3; cycle++, picture = Darker(picture))
            expected.Add(new Psnr().Measure(original, picture));
        Assert.Equal(expected, table.Cycles(30, "psnr"));
        Assert.Equal(DegradationIndex.Of([.. expected.Skip(1)], MetricDirection.HigherIsBetter), table.Index(30, table.Options.Metrics[0]));
    }

    [Fact]
    public void Consistent_cycles_stay_within_the_file()
    {
        using var files = new PictureFiles();
        string file = files.Add("a.png", TestPictures.Waves(48, 32));
        byte[] jpeg = JpegCodec.Instance.Encode(ImageFile.Load(file), new CodecSettings(30)).Bytes;
        var seen = new List<ImageBuffer>();
        EvaluationTable.Run(Repeated([file]) with { Consistent = ConsistentRows.Instead }, "darker", image =>
        {
            seen.Add(image);
            return Darker(image);
        }, null, CancellationToken.None);
        var again = JpegCodec.Instance.Encode(seen[2], new CodecSettings(30)).Bytes;
        Assert.Equal(JpegCoefficients.Read(jpeg, "a").Planes, JpegCoefficients.Read(again, "b").Planes);
    }

    [Fact]
    public void A_metric_that_refuses_a_picture_leaves_it_out_of_all_cycles()
    {
        using var files = new PictureFiles();
        string small = files.Add("a.png", TestPictures.Waves(48, 40)), large = files.Add("b.png", TestPictures.Waves(190, 180));
        var options = Repeated([small, large]) with { Metrics = [new Psnr(), new MsSsim()] };
        var table = EvaluationTable.Run(options, "darker", Darker, null, CancellationToken.None);
        Assert.Contains($"{small}: left out of ms-ssim", Assert.Single(table.Errors), StringComparison.Ordinal);
        Assert.Equal((2, 2, 1), (table.Pictures, table.Count("psnr"), table.Count("ms-ssim")));
        var alone = EvaluationTable.Run(options with { Originals = [large] }, "darker", Darker, null, CancellationToken.None);
        Assert.Equal(alone.Cycles(30, "ms-ssim"), table.Cycles(30, "ms-ssim"));
        Assert.NotEqual(alone.Cycles(30, "psnr"), table.Cycles(30, "psnr"));
    }

    [Fact]
    public void Consistent_pictures_stand_beside_those_they_were_made_from()
    {
        using var files = new PictureFiles();
        var table = EvaluationTable.Run(
            Options([files.Add("a.png", TestPictures.Waves(48, 32))], 10) with { Consistent = ConsistentRows.Beside },
            "blackout", image => new ImageBuffer(image.Width, image.Height, image.Model), null, CancellationToken.None);
        Assert.Equal(["compressed", "blackout", "blackout, consistent"], table.Methods);
        Assert.True(table.Mean(10, "blackout, consistent", "psnr") > table.Mean(10, "blackout", "psnr") + 1);
        Assert.Equal([table.Mean(10, "compressed", "psnr"), table.Mean(10, "blackout", "psnr")], table.Cycles(10, "psnr"));
    }

    [Fact]
    public void A_gray_picture_stays_gray_in_a_codec_that_has_no_gray()
    {
        using var files = new PictureFiles();
        var table = EvaluationTable.Run(
            Options([files.Add("a.png", TestPictures.Waves(48, 40))], 50) with { Codec = new WebPCodec(), Gray = true }, "none", null,
                null, CancellationToken.None);
        Assert.Empty(table.Errors);
        Assert.Equal(1, table.Pictures);
    }

    [Fact]
    public void Options_list_all_their_faults()
    {
        string message = Assert.Throws<ArgumentException>(() => (Options([], 0, 101) with { Cycles = 0 }).Validate()).Message;
        Assert.Contains("0 cycles", message, StringComparison.Ordinal);
        Assert.Contains("no originals", message, StringComparison.Ordinal);
        Assert.Contains("jpeg has no quality 0", message, StringComparison.Ordinal);
        Assert.Contains("jpeg has no quality 101", message, StringComparison.Ordinal);
    }

    private static EvaluationOptions Options(IReadOnlyList<string> files, params int[] qualities) => new()
    {
        Originals = files,
        Codec = JpegCodec.Instance,
        Qualities = qualities,
        Metrics = [new Psnr(), new Ssim()],
    };

    private static EvaluationOptions Repeated(string[] files) => Options(files, 30) with { Cycles = 3, Metrics = [new Psnr()] };

    private static ImageBuffer Darker(ImageBuffer image)
        => new(image.Width, image.Height, image.Model, data: Array.ConvertAll(image.Data, level => (byte)Math.Max(0, level - 3)));

    private static ImageBuffer Jpeg(ImageBuffer image, int quality) =>
        JpegCodec.Instance.Decode(JpegCodec.Instance.Encode(image, new CodecSettings(quality)).Bytes);

    private sealed class RefusesFlat : INoReferenceMetric
    {
        public string Name => "flat";

        public string Summary => "";

        public MetricContract Contract => new Niqe().Contract;

        public double Measure(ImageBuffer image) => image.Data.Distinct().Count() > 1 ? 1 : throw new IncomparableException("flat");
    }
}
