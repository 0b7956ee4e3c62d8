using Unpress.Lab.Reports.Published;
using Unpress.Metrics;

namespace Unpress.Tests.Lab.Reports;

public class PublishedFiguresTests
{
    /// <summary>Figures that the papers print, one of each source.</summary>
    [Theory]
    [InlineData("LIVE1", false, "jpeg", 10, "FBCNN", "psnr", "27.77")]
    [InlineData("live1", false, "jpeg", 40, "SwinIR", "psnr-b-rgb", "32.12")]
    [InlineData("classic5", true, "jpeg", 20, "DnCNN-3", "ssim", "0.861")]
    [InlineData("BSDS500-test", true, "jpeg", 5, "DDCN", "ssim-u", "0.7333")]
    [InlineData("bsds500_test", false, "jpeg", 30, "QGAC", "psnr", "31.33")]
    [InlineData("liu4k", false, "jpeg", 10, "DAGN", "psnr", "32.44")]
    [InlineData("liu4k", false, "jpeg", 40, "FBCNN", "psnr-b", "36.51")]
    [InlineData("live1", false, "jpeg", 30, "AR-CNN", "psnr", "29.96")]
    [InlineData("live1", false, "jpeg", 10, "JPEG", "ssim", "0.7433")]
    [InlineData("div2k-valid", false, "hevc", 37, "compressed pictures, discriminator of Real-ESRGAN", "realism-vanilla", "0.84")]
    [InlineData("div2k", false, "hevc", 37, "Real-ESRGAN, bias mitigated", "fid", "8.77")]
    [InlineData("div2k-valid", false, "hevc", null, "ESRGAN", "bd-br:psnr", "58.7")]
    [InlineData("div2k-valid", false, "hevc", 37, "CBDNet", "di:psnr", "3.19")]
    [InlineData("div2k-valid", false, "jpeg", 50, "CBDNet, idempotent", "di:psnr", "0.14")]
    public void Figures_are_those_of_the_papers(string set, bool gray, string codec, int? setting, string system, string figure, string printed) =>
        Assert.Contains(
            PublishedFigures.For(set, gray, codec),
            row => row.Setting == setting && row.System == system && row.Figures.TryGetValue(figure, out string? value) && value == printed);

    [Theory]
    [InlineData("live1", 29, true)]
    [InlineData("LIVE1", 3, false)]
    [InlineData("bsds500_test", 200, true)]
    [InlineData("bsds500_test", 500, false)]
    [InlineData("my-own", 3, true)]
    public void A_set_of_another_size_is_another_set(string set, int pictures, bool whole)
        => Assert.Equal(whole, PublishedFigures.IsWhole(set, pictures));

    // A row is found by the metric's name in the catalog: under any other it would never be shown.
    [Fact]
    public void Every_figure_is_one_of_a_metric_there_is()
    {
        // Realism has the name of its discriminator in lab/papers.
        // Those of "downstream" begin with the name that docs/lab.md tells to give the detector and the segmenter.
        string[] known = [.. MetricCatalog.All.Select(metric => metric.Name), .. MetricCatalog.Sets.Select(metric => metric.Name),
            "faster-rcnn-map", "pspnet-miou", "realism-vanilla", "realism-conditional"];
        var named = PublishedFigures.All.Concat(PublishedFigures.Ablation).SelectMany(row => row.Figures.Keys)
            .Select(name => name[(name.IndexOf(':', StringComparison.Ordinal) + 1)..]);
        Assert.Empty(named.Distinct().Except(known));
    }

    [Fact]
    public void Every_figure_is_a_number_and_stands_there_once()
    {
        var seen = new HashSet<(string, string, bool, string, int?, string, string)>();
        foreach (var row in PublishedFigures.All)
        {
            foreach (var (name, value) in row.Figures)
            {
                Assert.True(double.TryParse(value, System.Globalization.CultureInfo.InvariantCulture, out _), $"{row.System} {name}={value}");
                Assert.True(seen.Add((row.Source, row.Set, row.Gray, row.Codec, row.Setting, row.System, name)),
                    $"{row.Set} {row.Setting} {row.System} {name} is there twice");
            }
        }
    }

    [Fact]
    public void Gray_and_colour_are_never_mixed() =>
        Assert.Empty(PublishedFigures.For("classic5", gray: false, "jpeg"));
}
