using Unpress.Consistency;
using Unpress.Jpeg;
using Unpress.Torch;

namespace Unpress.Tests.Jpeg;

public sealed class QuantisationCellsTests
{
    [Theory]
    [InlineData(1, 1, 32, 32)]
    [InlineData(2, 1, 32, 32)]
    [InlineData(2, 2, 32, 32)]
    [InlineData(2, 2, 21, 26)]
    public void The_projection_is_inside_moves_nothing_twice_and_nothing_that_was_inside(int horizontal, int vertical, int height, int width)
    {
        using var scope = TensorScope.Enter();
        TorchRuntime.Seed(3);
        var original = Tensor.Rand([2, 3, height, width], DType.Float64);
        var cells = new QuantisationCells(Compress(original, horizontal, vertical));
        Assert.Equal(1, cells.Share(original));
        Assert.True((cells.Project(original) - original).Abs().Max().Item() < 1e-12);
        var other = Tensor.Rand([2, 3, height, width], DType.Float64);
        Assert.True(cells.Share(other) < 0.9);
        var projected = cells.Project(other);
        if (height % 16 != 0)
        {
            // The edge of a cut block is shared by its copies: one projection only comes nearer.
            Assert.True(cells.Share(projected) > cells.Share(other));
            return;
        }
        Assert.Equal(1, cells.Share(projected));
        Assert.True((cells.Project(projected) - projected).Abs().Max().Item() < 1e-12);
    }

    [Fact]
    public void A_margin_ends_inside()
    {
        using var scope = TensorScope.Enter();
        var original = Tensor.Rand([1, 1, 16, 16], DType.Float64);
        var jpeg = Compress(original, 1, 1);
        var cells = new QuantisationCells(jpeg);
        var projected = cells.Project(Tensor.Rand([1, 1, 16, 16], DType.Float64), new CellMargin(3, 0.25));
        var distance = (cells.Coefficients(projected)[0] - (jpeg.Planes[0].Coefficients * Step)).Abs().Max().Item();
        Assert.Equal((Step / 2) - 3, distance, 1e-9);
    }

    [Fact]
    public void Gradients_stop_at_the_border_of_a_cell_and_pass_inside()
    {
        using var scope = TensorScope.Enter();
        TorchRuntime.Seed(5);
        var jpeg = Compress(Tensor.Rand([1, 1, 8, 8], DType.Float64), 1, 1);
        var cells = new QuantisationCells(jpeg);
        var pixels = Tensor.Rand([1, 1, 8, 8], DType.Float64);
        var weights = Tensor.Randn([1, 1, 8, 8], DType.Float64);
        pixels.RequiresGrad = true;
        var gradient = (cells.Project(pixels) * weights).Sum().Gradients([pixels])[0]!;
        // The DCT is orthonormal: the gradient is the weights without the coefficients that are held.
        double[] free = Array.ConvertAll(
            (cells.Coefficients(pixels.Detach())[0] - (jpeg.Planes[0].Coefficients * Step)).ToArray<double>(),
            distance => Math.Abs(distance) < Step / 2 ? 1.0 : 0.0);
        Assert.InRange(free.Sum(), 1, 63);
        var expected = BlockDct.Inverse(BlockDct.Forward(weights) * Tensor.From(free, 1, 1, 8, 8));
        Assert.True((gradient - expected).Abs().Max().Item() < 1e-10);
    }

    [Fact]
    public void Two_planes_are_refused()
    {
        using var scope = TensorScope.Enter();
        var plane = new JpegPlane(Tensor.Zeros([1, 1, 8, 8]), Tensor.Ones([1, 1, 8, 8]));
        Assert.Throws<ArgumentException>(() => new QuantisationCells(new JpegTensors([plane, plane])));
    }

    private const double Step = 40;

    /// <summary>What an encoder without roundings of its own stores, every step 40.</summary>
    private static JpegTensors Compress(Tensor pixels, int horizontal, int vertical)
    {
        long width = 8L * horizontal, height = 8L * vertical;
        var padded = Functional.Pad(
            pixels, 0, (width - (pixels.Size(3) % width)) % width, 0, (height - (pixels.Size(2) % height)) % height, Padding.Replicate);
        var samples = TensorColour.ToSamples(padded);
        var table = Tensor.Ones([1, 1, 8, 8], DType.Float64) * Step;
        return new JpegTensors([.. Enumerable.Range(0, (int)pixels.Size(1)).Select(i =>
        {
            var plane = samples.Narrow(1, i, 1);
            var reduced = i == 0 ? plane : ChromaSampling.Reduce(plane, horizontal, vertical);
            var coefficients = Op.Find("aten::round").Call(BlockDct.Forward(reduced) / Step);
            return new JpegPlane(coefficients, table, i == 0 ? horizontal : 1, i == 0 ? vertical : 1);
        })]);
    }
}
