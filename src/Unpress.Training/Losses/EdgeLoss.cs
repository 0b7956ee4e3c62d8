using Unpress.Torch;

namespace Unpress.Losses;

/// <summary>
/// mean | |∇f(x)| − |∇y| |, the difference of edges that IEGAN adds to a GAN's objective (Ghosh et al., WACV 2019). Our reading, since its
/// detector and its weight are in no public copy: the magnitude of Sobel's two derivatives, channel by channel, the border repeated.
/// </summary>
public sealed class EdgeLoss : ILossTerm
{
    // Under the root, so that it has a slope where nothing changes.
    private const double Least = 1e-6;

    private static readonly double[] Across = [-0.25, 0, 0.25, -0.5, 0, 0.5, -0.25, 0, 0.25];
    private static readonly double[] Down = [-0.25, -0.5, -0.25, 0, 0, 0, 0.25, 0.5, 0.25];

    public static LossEntry Entry { get; } = LossEntry.Of(
        "edge", "difference of the edges, as Sobel finds them (IEGAN)", () => new EdgeLoss());

    public Tensor Evaluate(LossInput step) => (Edges(step.Enhanced) - Edges(step.Raw)).Abs().Mean();

    /// <summary>[N,C,H,W] to the same: beside an upright step from 0 to 1 it is 1.</summary>
    public static Tensor Edges(Tensor picture)
    {
        using var scope = TensorScope.Enter();
        var shape = picture.Shape;
        var planes = Functional.Pad(picture.Reshape(shape[0] * shape[1], 1, shape[2], shape[3]), 1, 1, 1, 1, Padding.Replicate);
        var slopes = Slope(Across).Square() + Slope(Down).Square();
        return scope.Keep((slopes + Least).Sqrt().Reshape(shape));

        Tensor Slope(double[] kernel) => Functional.Conv2d(planes, Tensor.From(kernel, 1, 1, 3, 3).To(picture.DType).To(picture.Device), null);
    }
}
