using Unpress.Jpeg;
using Unpress.Torch;
using Unpress.Torch.Nn;

namespace Unpress.Networks;

/// <summary>A 3×3 convolution over blocks with 64 groups, one for each frequency of the DCT: [N, 64·in, h, w] to [N, 64·out, h, w].</summary>
internal sealed class FrequencyConv : Layer
{
    public const int Frequencies = BlockDct.Side * BlockDct.Side;

    private readonly Conv2d _filter;

    public FrequencyConv(long inside, long outside)
        => _filter = Add("filter", new Conv2d(inside * Frequencies, outside * Frequencies, 3, padding: 1, groups: Frequencies));

    public override Tensor Forward(Tensor input) => _filter.Forward(input);

    /// <summary>Planes of coefficients, [N, C, H, W], to frequencies, each with all its planes: [N, 64·C, H/8, W/8].</summary>
    public static Tensor Gather(Tensor planes)
    {
        using var scope = TensorScope.Enter();
        var (n, c, h, w) = (planes.Size(0), planes.Size(1), planes.Size(2) / BlockDct.Side, planes.Size(3) / BlockDct.Side);
        return scope.Keep(Functional.PixelUnshuffle(planes, BlockDct.Side).Reshape(n, c, Frequencies, h, w).Transpose(1, 2).Reshape(n, -1, h, w));
    }

    /// <summary>The inverse of <see cref="Gather"/>.</summary>
    public static Tensor Scatter(Tensor frequencies)
    {
        using var scope = TensorScope.Enter();
        var (n, h, w) = (frequencies.Size(0), frequencies.Size(2), frequencies.Size(3));
        var planes = frequencies.Reshape(n, Frequencies, -1, h, w).Transpose(1, 2).Reshape(n, -1, h, w);
        return scope.Keep(Functional.PixelShuffle(planes, BlockDct.Side));
    }
}
