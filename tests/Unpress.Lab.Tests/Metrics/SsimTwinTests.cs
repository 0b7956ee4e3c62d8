using Unpress.Imaging;
using Unpress.Metrics;

namespace Unpress.Tests.Metrics;

/// <summary>The fast SSIM against the formula written out: a two-dimensional window at every position.</summary>
public class SsimTwinTests
{
    [Theory]
    [InlineData("ssim", 11, 1.5, 11, 11)]
    [InlineData("ssim", 11, 1.5, 12, 15)]
    [InlineData("ssim", 11, 1.5, 53, 78)]
    [InlineData("ssim", 11, 1.5, 64, 43)]
    [InlineData("ssim-u", 8, 1e9, 8, 8)]
    [InlineData("ssim-u", 8, 1e9, 53, 78)]
    public void Agrees_with_the_direct_window_loop(string name, int window, double sigma, int width, int height)
    {
        var reference = TestPictures.Waves(width, height);
        // A flat corner too: there σ² is a difference of equal numbers.
        for (int y = 0; y < height / 2; y++)
            reference.Data.AsSpan(y * width * 3, width / 2 * 3).Fill(250);
        var noisy = TestPictures.WithNoise(reference, 12);
        noisy.Data.AsSpan(0, width * 3).Fill(250);

        double expected = Enumerable.Range(0, 3).Average(band => Slow(reference, noisy, band, window, sigma));
        Assert.Equal(expected, MetricCatalog.Find(name).Measure(reference, noisy), 1e-11);
    }

    private static double Slow(ImageBuffer a, ImageBuffer b, int band, int window, double sigma)
    {
        const double c1 = 6.5025, c2 = 58.5225;
        double centre = (window - 1) / 2.0, weightSum = 0;
        var weights = new double[window, window];
        for (int i = 0; i < window; i++)
            for (int j = 0; j < window; j++)
                weightSum += weights[i, j] = Math.Exp(-(Math.Pow(i - centre, 2) + Math.Pow(j - centre, 2)) / (2 * sigma * sigma));

        double sum = 0;
        int count = 0;
        for (int y = 0; y + window <= a.Height; y++)
        {
            for (int x = 0; x + window <= a.Width; x++)
            {
                double meanA = 0, meanB = 0, varianceA = 0, varianceB = 0, covariance = 0;
                for (int i = 0; i < window; i++)
                    for (int j = 0; j < window; j++)
                    {
                        meanA += weights[i, j] / weightSum * a.Sample(x + j, y + i, band);
                        meanB += weights[i, j] / weightSum * b.Sample(x + j, y + i, band);
                    }
                for (int i = 0; i < window; i++)
                    for (int j = 0; j < window; j++)
                    {
                        double weight = weights[i, j] / weightSum;
                        double da = a.Sample(x + j, y + i, band) - meanA, db = b.Sample(x + j, y + i, band) - meanB;
                        varianceA += weight * da * da;
                        varianceB += weight * db * db;
                        covariance += weight * da * db;
                    }
                sum += ((2 * meanA * meanB) + c1) * ((2 * covariance) + c2)
                    / (((meanA * meanA) + (meanB * meanB) + c1) * (varianceA + varianceB + c2));
                count++;
            }
        }
        return sum / count;
    }
}
