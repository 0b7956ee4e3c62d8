using Unpress.Imaging;
using Unpress.Metrics;

namespace Unpress.Tests.Metrics;

public class BlockingEffectTests
{
    [Theory]
    [InlineData("Exact")]
    [InlineData("RealDivision")]
    [InlineData("FloorDivision")]
    public void One_step_on_the_grid_by_hand(string counting)
    {
        // 16×16, left half 0, right half 8: 32 edge pairs, half of them 8 apart, so D_B = 32; log2(8)/log2(16) = 0.75.
        var image = Picture(16, 16, (x, _) => x >= 8 ? 8 : 0);
        Assert.Equal(24, Factor(image, counting), 1e-12);
    }

    [Theory]
    [InlineData("Exact", 13.125455)]
    [InlineData("RealDivision", 15.197895)]
    [InlineData("FloorDivision", 18.047501)]
    public void Ways_to_count_differ_off_multiples_of_8(string counting, double expected)
    {
        var image = Picture(24, 20, (x, y) => (x >= 8 ? 8 : 0) + (y >= 8 ? 4 : 0));
        Assert.Equal(expected, Factor(image, counting), 1e-6);
    }

    [Fact]
    public void Steps_beside_the_grid_are_not_blocks() =>
        Assert.Equal(0, Factor(Picture(32, 32, (x, y) => (x >= 9 ? 50 : 0) + (y >= 7 ? 30 : 0)), "Exact"));

    [Fact]
    public void Blocks_of_the_restored_picture_count_not_those_of_the_original()
    {
        var smooth = Picture(64, 64, (x, y) => 100 + ((x + y) / 4));
        var blocky = Picture(64, 64, (x, y) => 100 + ((x / 8 * 8) + (y / 8 * 8)) / 4);
        double psnr = new Psnr().Measure(smooth, blocky);
        foreach (IMetric metric in new IMetric[] { new PsnrB(), PsnrB.Rgb, PsnrB.Y })
        {
            Assert.True(metric.Measure(smooth, blocky) < psnr - 0.1);
            Assert.Equal(psnr, metric.Measure(blocky, smooth), 1e-9);
        }
    }

    private static double Factor(ImageBuffer image, string counting) =>
        BlockingEffect.Factor(new BandPlane(image, 0), Enum.Parse<EdgeCount>(counting));

    private static ImageBuffer Picture(int width, int height, Func<int, int, int> level)
    {
        var image = new ImageBuffer(width, height, ColourModel.Gray);
        for (int y = 0; y < height; y++)
            for (int x = 0; x < width; x++)
                image.Data[(y * width) + x] = (byte)level(x, y);
        return image;
    }
}
