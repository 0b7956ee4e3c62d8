using Unpress.Torch;

namespace Unpress.Tests.Networks;

/// <summary>
/// Gradients of a whole network against differences in float64: for each leaf the slopes along one random direction, of the sum of
/// all outputs with random weights, so that no two mistakes cancel.
/// </summary>
internal static class SlopeCheck
{
    private const double Step = 1e-6;
    private const double Tolerance = 1e-5;

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
        for (int k = 0; k < all.Length; k++)
        {
            using var inner = TensorScope.Enter();
            var (name, leaf) = all[k];
            var place = leaf.Clone();
            var direction = Tensor.Randn(leaf.Shape, DType.Float64);
            double analytic = gradients[k] is { } gradient ? (gradient * direction).Sum().Item() : 0;
            // A ReLU that turns within the step makes the two sides differ; the gradient then lies between them.
            double after = (At(Step) - here) / Step, before = (here - At(-Step)) / Step;
            leaf.Copy(place);
            double tolerance = Tolerance * (1 + Math.Abs(after));
            Assert.True(
                analytic >= Math.Min(before, after) - tolerance && analytic <= Math.Max(before, after) + tolerance,
                $"{name}: gradient {analytic}, slopes {before} and {after}");

            double At(double step)
            {
                leaf.Copy(place + (direction * step));
                return Sum();
            }
        }

        double Sum() => (forward() * weights).Sum().Item();
    }
}
