using Unpress.Torch;

namespace Unpress.Tests.Networks;

/// <summary>
/// Gradients of a whole network against differences in float64: slopes of the sum of all outputs, with random weights so that no two mistakes
/// cancel, along one random direction of each leaf. Several leaves are moved at once, each by a direction along which its gradient is at most 1;
/// where their slopes do not add up, each leaf is looked at by itself.
/// </summary>
internal static class SlopeCheck
{
    private const double Step = 1e-6;
    private const double Tolerance = 1e-5;
    private const int Together = 8;

    public static void Run(Func<Tensor> forward, IEnumerable<(string Name, Tensor Tensor)> leaves)
    {
        using var scope = TensorScope.Enter();
        var all = leaves.ToArray();
        foreach (var (_, leaf) in all)
            leaf.RequiresGrad = true;
        var weights = Tensor.Randn(forward().Shape, DType.Float64);
        var gradients = (forward() * weights).Sum().Gradients([.. all.Select(leaf => leaf.Tensor)]);
        using var noGrad = Autograd.NoGrad();
        double here = Sum();
        foreach (var group in all.Zip(gradients, (leaf, gradient) => Moved.Along(leaf.Name, leaf.Tensor, gradient)).Chunk(Together))
        {
            if (Math.Abs(group.Sum(leaf => leaf.Slope) - After(group)) <= Tolerance)
                continue;
            foreach (var leaf in group)
            {
                // A ReLU that turns within the step makes the two sides differ; the gradient then lies between them.
                double after = After([leaf]), before = (here - At([leaf], -Step)) / Step;
                Assert.True(
                    leaf.Slope >= Math.Min(before, after) - Tolerance && leaf.Slope <= Math.Max(before, after) + Tolerance,
                    $"{leaf.Name}: gradient {leaf.Slope}, slopes {before} and {after}");
            }
        }

        double After(IReadOnlyList<Moved> group) => (At(group, Step) - here) / Step;

        double At(IReadOnlyList<Moved> group, double step)
        {
            using var inner = TensorScope.Enter();
            foreach (var leaf in group)
                leaf.Tensor.Copy(leaf.Place + (leaf.Direction * step));
            double sum = Sum();
            foreach (var leaf in group)
                leaf.Tensor.Copy(leaf.Place);
            return sum;
        }

        double Sum() => (forward() * weights).Sum().Item();
    }

    /// <summary>A leaf, where it is, a direction, and the slope along it by the gradient, at most 1.</summary>
    private sealed record Moved(string Name, Tensor Tensor, Tensor Place, Tensor Direction, double Slope)
    {
        public static Moved Along(string name, Tensor tensor, Tensor? gradient)
        {
            var direction = Tensor.Randn(tensor.Shape, DType.Float64);
            double slope = gradient is null ? 0 : (gradient * direction).Sum().Item();
            double scale = 1 / Math.Max(1, Math.Abs(slope));
            return new Moved(name, tensor, tensor.Clone(), direction * scale, slope * scale);
        }
    }
}
