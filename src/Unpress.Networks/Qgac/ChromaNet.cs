using Unpress.Torch;
using Unpress.Torch.Nn;

namespace Unpress.Networks;

/// <summary>QGAC's chroma network, for Cb and for Cr: their blocks, doubled, together with those of the restored luma.</summary>
internal sealed class ChromaNet : Module
{
    private readonly FilterManifold _chroma, _luma, _unblock;
    private readonly Sequential _enhancer, _doubler, _joined;

    public ChromaNet(QgacOptions options)
    {
        long width = options.ChromaWidth, manifold = options.ManifoldWidth;
        _chroma = Add("block_c", new FilterManifold(1, width, manifold));
        _enhancer = Add("block_enhancer", new Sequential(new DenseResidual(width)));
        _doubler = Add("block_doubler", new Sequential(new ConvTranspose2d(width, width, 4, stride: 2, padding: 1), new PRelu()));
        _luma = Add("block_y", new FilterManifold(1, width, manifold));
        _joined = Add("block_enhancer2", new Sequential(new DenseResidual(2 * width)));
        _unblock = Add("unblock", new FilterManifold(2 * width, 1, manifold, transposed: true));
    }

    /// <param name="luma">[N, 1, H, W], restored.</param>
    /// <param name="chroma">[N, 1, H/2, W/2].</param>
    /// <returns>A correction of the doubled chroma, [N, 1, H, W].</returns>
    public Tensor Forward(Tensor lumaTable, Tensor chromaTable, Tensor luma, Tensor chroma)
    {
        using var scope = TensorScope.Enter();
        var doubled = _doubler.Forward(_enhancer.Forward(_chroma.Forward(chromaTable, chroma)));
        var joined = Tensor.Cat([doubled, _luma.Forward(lumaTable, luma)], 1);
        return scope.Keep(_unblock.Forward(chromaTable, _joined.Forward(joined)));
    }
}
