using Unpress.Torch;
using Unpress.Torch.Nn;

namespace Unpress.Networks;

/// <summary>
/// DAGN's cross-feature fusion: every place of the base features asks the compression-insensitive features, which are pooled to squares of
/// 1, 2, 4 and 8 a side, 85 tokens, of the whole picture.
/// </summary>
internal abstract class DagnFusion : Module
{
    private static readonly int[] Sides = [1, 2, 4, 8];

    public static DagnFusion? Of(DagnFusionKind kind, long features, long width) => kind switch
    {
        DagnFusionKind.None => null,
        DagnFusionKind.Literal => new DagnLiteralFusion(features, width),
        _ => new DagnAttentionFusion(features, width, kind == DagnFusionKind.Joined),
    };

    /// <summary>Compression-insensitive features, [N, 2048, h, w], to keys and values, both [N, C, 85].</summary>
    public abstract (Tensor Keys, Tensor Values) Read(Tensor features);

    /// <summary>Base features [N, 512, H, W] to the same shape.</summary>
    public abstract Tensor Forward(Tensor input, Tensor keys, Tensor values);

    /// <summary>[N, C, h, w] to [N, C, 85].</summary>
    protected static Tensor Pool(Tensor map)
    {
        long batch = map.Size(0), channels = map.Size(1);
        return Tensor.Cat([.. Sides.Select(side => Functional.AdaptiveAvgPool2d(map, side, side).Reshape(batch, channels, side * side))], 2);
    }

    /// <summary>For each place of the queries, [N, C, H, W], what is made of its likeness to the keys, [N, places, 85], times the values.</summary>
    protected static Tensor Ask(Tensor queries, Tensor keys, Tensor values, Func<Tensor, Tensor> weigh)
    {
        var shape = queries.Shape;
        var likeness = queries.Reshape(shape[0], shape[1], shape[2] * shape[3]).Transpose(1, 2).MatMul(keys);
        return weigh(likeness).MatMul(values.Transpose(1, 2)).Transpose(1, 2).Reshape(shape[0], values.Size(1), shape[2], shape[3]);
    }
}
