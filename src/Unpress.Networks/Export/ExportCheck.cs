using Unpress.Onnx;
using Unpress.Onnx.Schema;
using Unpress.Torch;

namespace Unpress.Networks.Export;

/// <summary>Whether a graph does what its network does, for pictures of sizes that it was not recorded for.</summary>
public static class ExportCheck
{
    /// <summary>What may lie between both: the largest difference, divided by the largest number of libtorch's picture.</summary>
    public const double Tolerance = 1e-4;

    /// <summary>Sides that are tried for the smallest that works.</summary>
    private const int MostLeastSide = 64;

    private static readonly (int Height, int Width)[] Sizes = [(67, 101), (96, 64), (85, 70)];

    /// <summary>The largest difference over some sizes, relative to the largest number.</summary>
    /// <exception cref="ExportException">It is above <see cref="Tolerance"/>, or ONNX Runtime cannot compute the graph.</exception>
    public static double Compare(Network network, ModelProto model)
    {
        using var runner = new GraphRunner(model);
        double worst = 0;
        foreach (var (height, width) in Sizes)
        {
            double apart = Difference(network, runner, height, width);
            worst = Math.Max(worst, apart);
            if (!(apart <= Tolerance))
            {
                throw new ExportException(
                    $"for {width}x{height} pixels ONNX Runtime's picture is {apart:E1} from libtorch's, relative to its largest number");
            }
        }

        return worst;
    }

    /// <summary>The smallest side from which on the graph computes what the network does, height and width alike.</summary>
    public static int LeastSide(Network network, ModelProto model)
    {
        using var runner = new GraphRunner(model);
        int low = 0, high = MostLeastSide; // what is too small, and what is not: a network that takes a side takes larger ones
        if (Works(1) && Works(3))
            return 1;
        while (high - low > 1)
        {
            int middle = (low + high) / 2;
            (low, high) = Works(middle) ? (low, middle) : (middle, high);
        }

        return high;

        bool Works(int side)
        {
            try
            {
                return Difference(network, runner, side, side) <= Tolerance;
            }
            catch (Exception error) when (error is ExportException or TorchException)
            {
                return false;
            }
        }
    }

    private static double Difference(Network network, GraphRunner runner, int height, int width)
    {
        using var noGrad = Autograd.NoGrad();
        using var scope = TensorScope.Enter();
        var picture = Tensor.Rand([1, network.Facts.Channels, height, width]);
        var known = Coefficients(network.Facts, height, width);
        var expected = network.Forward(picture, known);
        var found = runner.Run(GraphRunner.Inputs(picture, known), ValueNames.Restored)[ValueNames.Restored];
        return found.Shape.AsSpan().SequenceEqual(expected.Shape)
            ? (found - expected).Abs().Max().Item() / expected.Abs().Max().Item()
            : double.PositiveInfinity;
    }

    /// <summary>Random ones, small as those of a JPEG mostly are.</summary>
    private static Conditions Coefficients(NetworkFacts facts, int height, int width)
    {
        if (Conditions.Blank(facts, height, width).Jpeg is not { } jpeg)
            return Conditions.None;
        var planes = jpeg.Planes.Select(plane
            => plane with { Coefficients = Tensor.Randn(plane.Coefficients.Shape), Table = plane.Table * 16 });
        return new Conditions { Jpeg = jpeg with { Planes = [.. planes] } };
    }
}
