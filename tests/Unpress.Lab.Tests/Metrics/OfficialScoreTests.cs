using System.Globalization;
using Unpress.Imaging;
using Unpress.Metrics;

namespace Unpress.Tests.Metrics;

/// <summary>Agreement with the scores of the authors' own code, and with exact values of each convention, on three known pairs.</summary>
public class OfficialScoreTests
{
    private static readonly string[] Pairs = ["I03", "I04", "I06"];

    [SharedDataTheory("metrics/expected.csv")]
    [InlineData("psnr", "psnr", "official", 0.005)]
    [InlineData("ssim-gray", "ssim", "official", 0.00005)]
    [InlineData("ms-ssim-sum", "ms_ssim", "official", 0.00005)]
    [InlineData("psnr", "psnr_rgb", "derived", 1e-6)]
    [InlineData("psnr-y", "psnr_y_studio_float", "derived", 1e-6)]
    [InlineData("psnr-y-uint8", "psnr_y_studio_uint8", "derived", 1e-6)]
    [InlineData("ssim", "ssim_rgb_mean", "derived", 1e-6)]
    [InlineData("ssim-gray", "ssim_gray_uint8", "derived", 1e-6)]
    [InlineData("ssim-y", "ssim_y_studio_float", "derived", 1e-6)]
    [InlineData("ms-ssim", "ms_ssim_gray_product", "derived", 1e-6)]
    [InlineData("ms-ssim-sum", "ms_ssim_gray_weighted_sum", "derived", 1e-6)]
    [InlineData("psnr-b", "psnrb_rgb_mse_y_bef_fbcnn", "derived", 1e-6)]
    [InlineData("psnr-b-rgb", "psnrb_rgb_channel_mean_kair", "derived", 1e-6)]
    [InlineData("psnr-b-y", "psnrb_y_studio_float", "derived", 1e-6)]
    public void Scores_agree(string name, string row, string source, double tolerance)
    {
        var metric = MetricCatalog.Find(name);
        string[] expected = Expected(row, source);
        for (int i = 0; i < Pairs.Length; i++)
        {
            var (reference, image) = Load(Pairs[i]);
            // Half a unit of the last digit that the file gives, on top of the tolerance asked for.
            Assert.Equal(Number(expected[i]), metric.Measure(reference, image), tolerance + 5e-7);
        }
    }

    [SharedDataFact("metrics/expected.csv")]
    public void Full_range_luma_agrees_with_pyiqa_once_its_constant_is_added()
    {
        string[] expected = Expected("psnr_y_fullrange_float", "derived");
        for (int i = 0; i < Pairs.Length; i++)
        {
            var (reference, image) = Load(Pairs[i]);
            double error = Math.Pow(10, -Psnr.Yiq.Measure(reference, image) / 10);
            Assert.Equal(Number(expected[i]), -10 * Math.Log10(error + 1e-8), 1e-6);
        }
    }

    private static (ImageBuffer Reference, ImageBuffer Image) Load(string pair) =>
        (ImageFile.Load(SharedData.Path("metrics", "ref", $"{pair}.png")), ImageFile.Load(SharedData.Path("metrics", "dist", $"{pair}.png")));

    // metric,source,better,needs_reference,I03,I04,I06,…
    private static string[] Expected(string metric, string source) =>
        File.ReadLines(SharedData.Path("metrics", "expected.csv"))
            .Select(line => line.Split(','))
            .Single(cells => cells[0] == metric && cells[1] == source)[4..7];

    private static double Number(string text) =>
        text == "inf" ? double.PositiveInfinity : double.Parse(text, CultureInfo.InvariantCulture);
}
