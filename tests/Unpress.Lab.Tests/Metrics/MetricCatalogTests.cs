using Unpress.Imaging;
using Unpress.Metrics;

namespace Unpress.Tests.Metrics;

/// <summary>What every metric of the catalog must do: a new entry is tested before its author writes a test.</summary>
public class MetricCatalogTests
{
    // Odd on purpose, and large enough for five scales.
    private const int Width = 187, Height = 181;

    public static TheoryData<string> Names => [.. MetricCatalog.All.Select(metric => metric.Name)];

    /// <summary>Those that compare two pictures and need no weights.</summary>
    public static TheoryData<string> Plain =>
        [.. MetricCatalog.All.Where(metric => metric is not INoReferenceMetric && metric.Contract.Weights.Count == 0).Select(metric => metric.Name)];

    [Theory]
    [MemberData(nameof(Plain))]
    public void Identical_pictures_give_the_declared_value(string name)
    {
        var metric = MetricCatalog.Find(name);
        foreach (var model in new[] { ColourModel.Gray, ColourModel.Rgb })
        {
            var picture = TestPictures.Waves(Width, Height, model);
            Assert.Equal(metric.Contract.OnIdentical!.Value, metric.Measure(picture, picture), 1e-12);
        }
    }

    [Theory]
    [MemberData(nameof(Plain))]
    public void More_noise_is_worse_in_the_declared_direction(string name)
    {
        var metric = MetricCatalog.Find(name);
        foreach (var model in new[] { ColourModel.Gray, ColourModel.Rgb })
        {
            var picture = TestPictures.Waves(Width, Height, model);
            double[] values = [.. new[] { 2, 6, 15, 30 }.Select(noise => metric.Measure(picture, TestPictures.WithNoise(picture, noise)))];
            var expected = metric.Contract.Direction == MetricDirection.HigherIsBetter ? values.OrderDescending() : values.Order();
            Assert.Equal(expected, values);
            Assert.Equal(values.Length, values.Distinct().Count());
        }
    }

    [Theory]
    [MemberData(nameof(Plain))]
    public void Symmetric_if_and_only_if_declared(string name)
    {
        var metric = MetricCatalog.Find(name);
        // Blocks in one of the two: what an asymmetric metric looks for.
        var smooth = TestPictures.Waves(Width, Height);
        var blocky = TestPictures.Waves(Width, Height);
        for (int i = 0; i < blocky.Data.Length; i++)
            blocky.Data[i] += (byte)(i / blocky.Bands % Width / 8 % 2 * 24);
        double there = metric.Measure(smooth, blocky), back = metric.Measure(blocky, smooth);
        Assert.Equal(metric.Contract.Symmetric, Math.Abs(there - back) < 1e-9);
    }

    [Theory]
    [MemberData(nameof(Plain))]
    public void Sixteen_bits_and_alpha_change_nothing(string name)
    {
        var metric = MetricCatalog.Find(name);
        var reference = TestPictures.Waves(Width, Height);
        var noisy = TestPictures.WithNoise(reference, 10);
        double expected = metric.Measure(reference, noisy);
        Assert.Equal(expected, metric.Measure(TestPictures.To16Bit(reference), noisy), 1e-9);
        Assert.Equal(expected, metric.Measure(TestPictures.To16Bit(reference), TestPictures.To16Bit(noisy)), 1e-9);
        Assert.Equal(expected, metric.Measure(TestPictures.WithAlpha(reference, 1), TestPictures.WithAlpha(noisy, 2)));
    }

    [Theory]
    [MemberData(nameof(Plain))]
    public void What_cannot_be_compared_is_refused_with_the_reason(string name)
    {
        var metric = MetricCatalog.Find(name);
        var rgb = TestPictures.Waves(Width, Height);
        Refuses(rgb, TestPictures.Waves(Width + 1, Height), "187x181", "188x181");
        Refuses(rgb, TestPictures.Waves(Width, Height, ColourModel.Gray), "RGB", "gray");
        Refuses(new ImageBuffer(Width, Height, ColourModel.Cmyk), new ImageBuffer(Width, Height, ColourModel.Cmyk), "CMYK");
        int side = metric.Contract.MinSide;
        Assert.False(double.IsNaN(metric.Measure(TestPictures.Waves(side, side), TestPictures.Waves(side, side, seed: 5))));
        if (side > 1)
            Refuses(TestPictures.Waves(side + 5, side - 1), TestPictures.Waves(side + 5, side - 1), metric.Name, $"{side} pixels");

        void Refuses(ImageBuffer reference, ImageBuffer image, params string[] words)
        {
            string message = Assert.Throws<IncomparableException>(() => metric.Measure(reference, image)).Message;
            Assert.All(words, word => Assert.Contains(word, message, StringComparison.Ordinal));
        }
    }

    [Fact]
    public void Names_are_found_and_unknown_ones_are_answered_with_the_list()
    {
        Assert.All(MetricCatalog.All, metric => Assert.Same(metric, MetricCatalog.Find(metric.Name)));
        string message = Assert.Throws<ArgumentException>(() => MetricCatalog.Find("psnr-x")).Message;
        Assert.Contains("'psnr-x'", message, StringComparison.Ordinal);
        Assert.Contains("ssim-u", message, StringComparison.Ordinal);
    }

    [Theory]
    [MemberData(nameof(Names))]
    public void The_page_on_metrics_has_a_row_for_it(string name) =>
        Assert.Contains(File.ReadLines(RepoPaths.Combine("docs", "metrics.md")),
            line => line.StartsWith("| `", StringComparison.Ordinal) && line.Split('|')[1].Contains($"`{name}`", StringComparison.Ordinal));

    [Theory]
    [MemberData(nameof(Names))]
    public void Weights_it_needs_can_be_fetched_and_only_pairs_have_a_value_when_identical(string name)
    {
        var metric = MetricCatalog.Find(name);
        Assert.All(metric.Contract.Weights, weights => Assert.Equal(weights, Unpress.Downloads.OfficialFiles.Find(weights).Name));
        Assert.True(metric is not INoReferenceMetric || metric.Contract.OnIdentical is null);
    }

    [Fact]
    public void Only_fitted_metrics_take_a_file() =>
        Assert.Contains("niqe, brisque", Assert.Throws<ArgumentException>(() => MetricCatalog.Find("psnr=file")).Message, StringComparison.Ordinal);

    [Fact]
    public void Two_metrics_of_one_name_are_refused() =>
        Assert.Throws<InvalidOperationException>(() => MetricCatalog.Distinct([new Psnr(), new Ssim(), new Psnr()]));
}
