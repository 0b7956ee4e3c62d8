using Unpress.Torch;
using Unpress.Torch.Nn;

namespace Unpress.Networks;

/// <summary>MPRNet's ORSNet: three groups of blocks at full size, after each of which stage 2's features of one level are added.</summary>
internal sealed class FullSizeStage : Module
{
    private readonly Sequential[] _groups;
    private readonly Layer?[] _upEncoded, _upDecoded;
    private readonly Conv2d[] _encoded, _decoded;

    public FullSizeStage(MprParts parts)
    {
        var (width, all) = (parts.Widths[0], parts.FullSizeWidth);
        _groups = [.. Enumerable.Range(1, 3).Select(k => Add($"orb{k}.body", parts.Group()))];
        _upEncoded = Ups("up_enc", parts.Widths);
        _upDecoded = Ups("up_dec", parts.Widths);
        _encoded = [.. Enumerable.Range(1, 3).Select(k => Add($"conv_enc{k}", MprParts.Convolution(width, all, 1)))];
        _decoded = [.. Enumerable.Range(1, 3).Select(k => Add($"conv_dec{k}", MprParts.Convolution(width, all, 1)))];
    }

    /// <param name="encoded">Stage 2's encoder at full, half and quarter size.</param>
    /// <param name="decoded">Stage 2's decoder.</param>
    public Tensor Forward(Tensor input, Tensor[] encoded, Tensor[] decoded)
    {
        var x = input;
        for (int k = 0; k < _groups.Length; k++)
        {
            using var scope = TensorScope.Enter();
            x = scope.Keep(x + _groups[k].Forward(x)
                + _encoded[k].Forward(Lift(_upEncoded[k], encoded[k])) + _decoded[k].Forward(Lift(_upDecoded[k], decoded[k])));
        }

        return x;
    }

    private static Tensor Lift(Layer? up, Tensor features) => up is null ? features : up.Forward(features);

    // The quarter-size features are brought up in two steps of their own.
    private Layer?[] Ups(string name, int[] widths)
    {
        var half = Add($"{name}1.up", MprParts.Up(widths[1], widths[0]));
        var quarter = Add($"{name}2.0.up", MprParts.Up(widths[2], widths[1]));
        return [null, half, new Sequential(quarter, Add($"{name}2.1.up", MprParts.Up(widths[1], widths[0])))];
    }
}
