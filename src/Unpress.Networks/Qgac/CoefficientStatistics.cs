using Unpress.Jpeg;
using Unpress.Torch;
using Unpress.Torch.Nn;

namespace Unpress.Networks;

/// <summary>
/// The spread of each DCT coefficient in photographs, on the scale of samples, by which QGAC divides. The numbers here were measured on 152
/// training pictures (Y at full, Cb and Cr at half resolution); the means, all but that of brightness below 1, are taken as 0. Buffers: weights
/// trained with other statistics bring theirs along.
/// </summary>
internal sealed class CoefficientStatistics : Module
{
    private static readonly double[] Y =
    [
        485, 77, 42.8, 29.1, 21.8, 16.5, 12.3, 9.15,
        81.5, 40.7, 28.8, 21.1, 16.4, 12.8, 9.61, 7.25,
        45.5, 29.2, 22.7, 17.8, 14.3, 11.3, 8.47, 6.48,
        31.1, 21.6, 18.1, 15, 12.3, 9.53, 7.38, 5.74,
        23.2, 17.1, 14.5, 12.4, 10.3, 8.02, 6.31, 5.01,
        17.7, 13.5, 11.7, 9.96, 8.3, 6.79, 5.47, 4.35,
        13.3, 10.4, 8.96, 7.63, 6.5, 5.54, 4.56, 3.62,
        9.98, 7.71, 6.7, 5.94, 5.18, 4.44, 3.7, 3.01,
    ];

    private static readonly double[] Cb =
    [
        136, 20.3, 11, 6.38, 4.12, 2.99, 2.1, 1.81,
        21.9, 10.4, 6.71, 4.22, 2.92, 2.15, 1.66, 1.4,
        11.4, 6.91, 4.8, 3.27, 2.44, 1.83, 1.47, 1.27,
        7.05, 4.42, 3.33, 2.52, 1.97, 1.57, 1.28, 1.18,
        4.43, 3.11, 2.5, 2.01, 1.61, 1.35, 1.16, 1.05,
        3.25, 2.34, 1.96, 1.65, 1.4, 1.17, 1.04, 0.953,
        2.37, 1.9, 1.63, 1.38, 1.16, 1.05, 0.951, 0.904,
        2.02, 1.67, 1.47, 1.21, 1.07, 0.977, 0.889, 0.892,
    ];

    private static readonly double[] Cr =
    [
        121, 18.1, 9.37, 5.54, 3.66, 2.52, 1.89, 1.64,
        20.1, 9.4, 5.96, 3.67, 2.57, 1.91, 1.52, 1.34,
        10.4, 6.36, 4.3, 2.89, 2.12, 1.65, 1.35, 1.21,
        6.35, 3.94, 2.98, 2.26, 1.74, 1.36, 1.13, 1.07,
        4.04, 2.78, 2.26, 1.79, 1.44, 1.16, 1.05, 0.953,
        2.91, 2.1, 1.71, 1.46, 1.24, 1.04, 0.915, 0.858,
        2.14, 1.67, 1.42, 1.23, 1.02, 0.921, 0.86, 0.797,
        1.88, 1.46, 1.27, 1.08, 0.96, 0.872, 0.8, 0.785,
    ];

    private readonly Tensor _mean;
    private readonly Tensor _deviation;

    public CoefficientStatistics(int channels)
    {
        _mean = AddBuffer("mean", Tensor.Zeros([channels, 1, BlockDct.Side, BlockDct.Side]));
        _deviation = AddBuffer("std", Tensor.From([.. Of(channels).Select(value => (float)value)], channels, 1, BlockDct.Side, BlockDct.Side));
    }

    /// <param name="coefficients">[N, 1, H, W], dequantised, of one component.</param>
    public Tensor Normalise(Tensor coefficients, int component)
        => (coefficients - Spread(_mean, component, coefficients)) / Spread(_deviation, component, coefficients);

    /// <summary>The inverse of <see cref="Normalise"/>.</summary>
    public Tensor Restore(Tensor normalised, int component) => Scale(normalised, component) + Spread(_mean, component, normalised);

    /// <summary>A difference of normalised coefficients on the scale of samples.</summary>
    public Tensor Scale(Tensor difference, int component) => difference * Spread(_deviation, component, difference);

    private static double[] Of(int channels) => channels == 1 ? Y : [.. Y, .. Cb, .. Cr];

    private static Tensor Spread(Tensor table, int component, Tensor like)
        => BlockDct.Spread(table.Narrow(0, component, 1), like.Size(2), like.Size(3));
}
