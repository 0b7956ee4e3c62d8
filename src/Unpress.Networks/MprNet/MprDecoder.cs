using Unpress.Torch;
using Unpress.Torch.Nn;

namespace Unpress.Networks;

/// <summary>Up through three levels; what the encoder found passes one block and is added.</summary>
internal sealed class MprDecoder : Module
{
    private readonly Sequential[] _levels;
    private readonly AttentionBlock[] _skips;
    private readonly Sequential[] _up;

    public MprDecoder(MprParts parts)
    {
        int[] widths = parts.Widths;
        _levels = [.. widths.Select((width, k) => Add($"decoder_level{k + 1}", parts.TwoBlocks(width)))];
        _skips = [Add("skip_attn1", parts.Block(widths[0])), Add("skip_attn2", parts.Block(widths[1]))];
        _up = [Add("up21.up", MprParts.Up(widths[1], widths[0])), Add("up32.up", MprParts.Up(widths[2], widths[1]))];
    }

    /// <param name="encoded">Features at full, half and quarter size.</param>
    /// <returns>The same, decoded.</returns>
    public Tensor[] Forward(Tensor[] encoded)
    {
        var found = new Tensor[3];
        found[2] = _levels[2].Forward(encoded[2]);
        for (int k = 1; k >= 0; k--)
            found[k] = _levels[k].Forward(_skips[k].Forward(encoded[k]) + _up[k].Forward(found[k + 1]));
        return found;
    }
}
