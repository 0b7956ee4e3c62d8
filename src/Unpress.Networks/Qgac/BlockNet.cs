using Unpress.Torch;
using Unpress.Torch.Nn;

namespace Unpress.Networks;

/// <summary>QGAC's block network: each block to features by filters of the table, a dense residual block, and back to coefficients.</summary>
internal sealed class BlockNet : Module
{
    private readonly FilterManifold _block, _unblock;
    private readonly Sequential _enhancer;

    public BlockNet(long inside, QgacOptions options)
    {
        _block = Add("block", new FilterManifold(inside, options.Features, options.ManifoldWidth));
        _enhancer = Add("block_enhancer", new Sequential(new DenseResidual(options.Features)));
        _unblock = Add("unblock", new FilterManifold(options.Features, options.Planes, options.ManifoldWidth, transposed: true));
    }

    /// <param name="table">[N, 1, 8, 8], divided by 255.</param>
    /// <param name="coefficients">[N, inside, H, W].</param>
    /// <returns>[N, planes, H, W].</returns>
    public Tensor Forward(Tensor table, Tensor coefficients)
    {
        using var scope = TensorScope.Enter();
        return scope.Keep(_unblock.Forward(table, _enhancer.Forward(_block.Forward(table, coefficients))));
    }
}
