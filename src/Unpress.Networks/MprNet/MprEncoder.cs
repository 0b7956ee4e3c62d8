using Unpress.Torch;
using Unpress.Torch.Nn;

namespace Unpress.Networks;

/// <summary>Down through three levels; in stage 2 each level takes in what stage 1 had there (cross-stage feature fusion).</summary>
internal sealed class MprEncoder : Module
{
    private readonly Sequential[] _levels;
    private readonly Sequential[] _down;
    private readonly Conv2d[] _fromEncoder = [];
    private readonly Conv2d[] _fromDecoder = [];

    public MprEncoder(MprParts parts, bool fuse)
    {
        int[] widths = parts.Widths;
        _levels = [.. widths.Select((width, k) => Add($"encoder_level{k + 1}", parts.TwoBlocks(width)))];
        _down = [Add("down12.down", MprParts.Down(widths[0], widths[1])), Add("down23.down", MprParts.Down(widths[1], widths[2]))];
        if (!fuse)
            return;
        _fromEncoder = [.. widths.Select((width, k) => Add($"csff_enc{k + 1}", MprParts.Convolution(width, width, 1)))];
        _fromDecoder = [.. widths.Select((width, k) => Add($"csff_dec{k + 1}", MprParts.Convolution(width, width, 1)))];
    }

    /// <returns>Features at full, half and quarter size.</returns>
    public Tensor[] Forward(Tensor input, Tensor[]? encoded = null, Tensor[]? decoded = null)
    {
        var found = new Tensor[_levels.Length];
        for (int k = 0; k < found.Length; k++)
        {
            found[k] = _levels[k].Forward(k == 0 ? input : _down[k - 1].Forward(found[k - 1]));
            if (encoded is not null && decoded is not null)
                found[k] = found[k] + _fromEncoder[k].Forward(encoded[k]) + _fromDecoder[k].Forward(decoded[k]);
        }

        return found;
    }
}
