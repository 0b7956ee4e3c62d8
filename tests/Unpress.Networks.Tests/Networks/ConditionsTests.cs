using Unpress.Data;
using Unpress.Jpeg;
using Unpress.Networks;
using Unpress.Torch;

namespace Unpress.Tests.Networks;

public sealed class ConditionsTests
{
    [Fact]
    public void A_tile_gets_its_own_coefficients_and_noise()
    {
        using var scope = TensorScope.Enter();
        var whole = new Conditions { Jpeg = Numbered(rows: 3, columns: 4), Noise = Plane(48, 60), Quality = Tensor.Ones([1, 1]) };
        var tile = whole.At(new PixelArea(32, 16, 20, 32));

        Assert.Equal([1, 1, 32, 32], tile.Jpeg!.Planes[0].Coefficients.Shape);
        Assert.Equal([1, 1, 16, 16], tile.Jpeg.Planes[1].Coefficients.Shape);
        Assert.Equal((16 * 64) + 32, First(tile.Jpeg.Planes[0].Coefficients));
        Assert.Equal((8 * 32) + 16, First(tile.Jpeg.Planes[1].Coefficients));
        Assert.Equal([1, 1, 32, 20], tile.Noise!.Shape);
        Assert.Equal((16 * 60) + 32, First(tile.Noise));
        Assert.Same(whole.Quality, tile.Quality);
        Assert.Throws<ArgumentException>(() => whole.At(new PixelArea(8, 0, 16, 16)));
    }

    [Fact]
    public void Padding_repeats_the_last_blocks()
    {
        using var scope = TensorScope.Enter();
        var file = Numbered(rows: 1, columns: 2);
        var covered = file.Cover(height: 17, width: 40);
        var luma = covered.Planes[0].Coefficients;
        Assert.Equal([1, 1, 32, 48], luma.Shape);
        Assert.Equal(
            luma.Narrow(2, 8, 8).Narrow(3, 24, 8).ToArray<float>(),
            luma.Narrow(2, 24, 8).Narrow(3, 40, 8).ToArray<float>());
        Assert.Equal([1, 1, 16, 24], covered.Planes[2].Coefficients.Shape);
    }

    [Fact]
    public void A_network_that_needs_coefficients_says_so()
    {
        using var network = new NeedsJpeg();
        using var scope = TensorScope.Enter();
        var input = Tensor.Rand([1, 3, 20, 18]);
        Assert.Contains("coefficients", Assert.Throws<ArgumentException>(() => network.Forward(input)).Message, StringComparison.Ordinal);
        Assert.Equal(input.Shape, network.Forward(input, Conditions.Blank(network.Facts, 20, 18)).Shape);
    }

    /// <summary>4:2:0; each component holds 0, 1, 2, … row by row.</summary>
    private static JpegTensors Numbered(int rows, int columns)
    {
        var table = Tensor.Ones([1, 1, 8, 8]);
        JpegPlane Chroma() => new(Plane(8 * rows, 8 * columns), table);
        return new JpegTensors([new JpegPlane(Plane(16 * rows, 16 * columns), table, 2, 2), Chroma(), Chroma()]);
    }

    private static Tensor Plane(int height, int width)
        => Tensor.From(Enumerable.Range(0, height * width).Select(value => (float)value).ToArray(), 1, 1, height, width);

    private static double First(Tensor plane) => plane.Narrow(2, 0, 1).Narrow(3, 0, 1).Item();

    private sealed class NeedsJpeg() : Network(new NetworkFacts(3, ReceptiveField: 0, SizeMultiple: 16, Needs: Knowledge.Jpeg))
    {
        protected override Tensor Restore(Tensor input, Conditions conditions)
        {
            var luma = conditions.Jpeg!.Planes[0].Coefficients;
            return input + luma.Narrow(2, 0, input.Size(2)).Narrow(3, 0, input.Size(3));
        }
    }
}
