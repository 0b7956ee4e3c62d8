using Unpress.Torch;
using Unpress.Torch.Nn;

namespace Unpress.Networks;

/// <summary>
/// One branch of <see cref="Dmcnn"/>: two 3×3 convolutions at full resolution, strided 3×3 convolutions to a half and to a quarter, dilated
/// ones there, 2×2 transposed convolutions back with the encoder's features added, LeakyReLU 0.2 throughout, a 3×3 convolution to one plane.
/// </summary>
internal sealed class DilatedAutoEncoder : Layer
{
    private const double Slope = 0.2;

    private readonly Sequential _full, _half, _quarter;
    private readonly ConvTranspose2d _toHalf, _toFull;
    private readonly Conv2d _tail;

    public DilatedAutoEncoder(int planes, DmcnnOptions options)
    {
        int[] w = options.Widths;
        _full = Add("full", new Sequential(Conv2d.Same(planes, w[0], 3), new LeakyRelu(Slope), Conv2d.Same(w[0], w[0], 3), new LeakyRelu(Slope)));
        _half = Add("half", new Sequential(new Conv2d(w[0], w[1], 3, stride: 2, padding: 1), new LeakyRelu(Slope)));
        _quarter = Add("quarter", new Sequential([
            new Conv2d(w[1], w[2], 3, stride: 2, padding: 1), new LeakyRelu(Slope),
            .. options.Dilations.SelectMany(d => new Layer[] { new Conv2d(w[2], w[2], 3, padding: d, dilation: d), new LeakyRelu(Slope) }),
        ]));
        _toHalf = Add("to_half", new ConvTranspose2d(w[2], w[1], 2, stride: 2));
        _toFull = Add("to_full", new ConvTranspose2d(w[1], w[0], 2, stride: 2));
        _tail = Add("out", Conv2d.Same(w[0], 1, 3));
    }

    /// <summary>Pixels that reach an output pixel.</summary>
    public static int Reach(DmcnnOptions options) => 2 + 1 + 2 + (4 * options.Dilations.Sum()) + 4 + 1;

    /// <param name="input">[N, planes, H, W], multiples of 4.</param>
    /// <returns>[N, 1, H, W].</returns>
    public override Tensor Forward(Tensor input)
    {
        using var scope = TensorScope.Enter();
        var full = _full.Forward(input);
        var half = _half.Forward(full);
        var quarter = _quarter.Forward(half);
        var x = Functional.LeakyRelu(_toHalf.Forward(quarter), Slope) + half;
        x = Functional.LeakyRelu(_toFull.Forward(x), Slope) + full;
        return scope.Keep(_tail.Forward(x));
    }
}
