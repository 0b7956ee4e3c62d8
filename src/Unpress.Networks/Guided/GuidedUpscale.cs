using System.Globalization;
using Unpress.Torch;
using Unpress.Torch.Nn;

namespace Unpress.Networks;

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
