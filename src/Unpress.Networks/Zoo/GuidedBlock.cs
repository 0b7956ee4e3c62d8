using System.Globalization;
using Unpress.Torch;
using Unpress.Torch.Nn;

namespace Unpress.Networks;

/// <summary>
/// The residual block that FBCNN and DAGN are made of: x + r(x), or under <see cref="Guidance"/> x + scale · r(x) + shift (FBCNN's "QF
/// attention"), where r is convolution, batch norm (DAGN only), ReLU, convolution. Names as in the official checkpoints: res.0, res.2, or
/// with batch norm res.0, res.1, res.3.
/// </summary>
public sealed class GuidedBlock : Layer
{
    private readonly Sequential _residual;

    /// <param name="batchNorm">Momentum of a batch norm (ε 1e-4, DAGN's); null: none.</param>
    public GuidedBlock(long channels, double? batchNorm = null)
    {
        Layer first = Conv2d.Same(channels, channels, 3), last = Conv2d.Same(channels, channels, 3);
        _residual = Add("res", batchNorm is { } momentum
            ? new Sequential(first, new BatchNorm2d(channels, momentum, epsilon: 1e-4), new Relu(), last)
            : new Sequential(first, new Relu(), last));
    }

    public override Tensor Forward(Tensor input)
    {
        using var correction = _residual.Forward(input);
        return input + correction;
    }

    /// <inheritdoc cref="GuidedBlock"/>
    public Tensor Forward(Tensor input, Guidance guidance)
    {
        using var scope = TensorScope.Enter();
        var scale = guidance.Scale.Unsqueeze(-1).Unsqueeze(-1);
        var shift = guidance.Shift.Unsqueeze(-1).Unsqueeze(-1);
        return scope.Keep(input + (scale * _residual.Forward(input)) + shift);
    }
}

/// <summary>What steers a <see cref="GuidedBlock"/>: its correction is multiplied by the scale, then the shift is added.</summary>
/// <param name="Scale">[N, C].</param>
/// <param name="Shift">[N, C].</param>
public readonly record struct Guidance(Tensor Scale, Tensor Shift);

/// <summary>The plain parts of FBCNN's and DAGN's U-nets.</summary>
public static class GuidedScales
{
    /// <summary>Plain residual blocks, named "0", "1", ….</summary>
    public static Layer[] Blocks(long channels, int count, double? batchNorm = null)
        => [.. Enumerable.Range(0, count).Select(_ => new GuidedBlock(channels, batchNorm))];

    /// <summary>One scale of the encoder: blocks, then a 2×2 convolution of stride 2 to the next width, without activation.</summary>
    public static Sequential Down(long channels, long next, int blocks, double? batchNorm = null)
        => new([.. Blocks(channels, blocks, batchNorm), new Conv2d(channels, next, 2, stride: 2)]);

    /// <summary>
    /// Pixels that reach an output pixel: head and tail, two convolutions a block at every scale on both sides, and one cell of 8 pixels for
    /// the strided convolutions.
    /// </summary>
    /// <param name="down">Blocks of one scale on the way down.</param>
    /// <param name="up">Blocks of one scale on the way up.</param>
    public static int ReceptiveField(int down, int up) => 2 + (2 * (down + up) * (1 + 2 + 4 + 8)) + 8;
}

/// <summary>
/// One scale of the decoder of FBCNN and DAGN: a 2×2 transposed convolution ("0") that doubles the size, then guided blocks ("1", "2", …).
/// </summary>
public sealed class GuidedUpscale : Module
{
    private readonly ConvTranspose2d _grow;
    private readonly GuidedBlock[] _blocks;

    public GuidedUpscale(long inChannels, long outChannels, int blocks, double? batchNorm = null)
    {
        _grow = Add("0", new ConvTranspose2d(inChannels, outChannels, 2, stride: 2));
        _blocks = [.. Enumerable.Range(1, blocks).Select(k => Add(k.ToString(CultureInfo.InvariantCulture), new GuidedBlock(outChannels, batchNorm)))];
    }

    /// <param name="input">[N, inChannels, H, W].</param>
    /// <param name="guides">
    /// One steers all blocks; of two, the first steers the first half of the blocks and the second the rest; none leaves them plain.
    /// </param>
    /// <returns>[N, outChannels, 2H, 2W].</returns>
    public Tensor Forward(Tensor input, params ReadOnlySpan<Guidance> guides)
    {
        var x = _grow.Forward(input);
        for (int k = 0; k < _blocks.Length; k++)
        {
            using var previous = x;
            x = guides.IsEmpty ? _blocks[k].Forward(previous) : _blocks[k].Forward(previous, guides[k * guides.Length / _blocks.Length]);
        }

        return x;
    }
}
