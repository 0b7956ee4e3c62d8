using Unpress.Torch;
using Unpress.Torch.Nn;

namespace Unpress.Networks;

/// <summary>Residual Swin transformer block (RSTB): Swin layers, one 3×3 convolution, and the input added.</summary>
internal sealed class SwinGroup : Module
{
    private readonly SwinLayers _layers;
    private readonly Conv2d _conv;

    /// <param name="drops">For each layer of the group, the chance that it is skipped while training.</param>
    public SwinGroup(SwinIrOptions options, int heads, Tensor mask, double[] drops)
    {
        _layers = Add("residual_group", new SwinLayers(options, heads, mask, drops));
        _conv = Add("conv", Conv2d.Same(options.Width, options.Width, 3));
    }

    /// <summary>[N, H, W, C] to the same shape.</summary>
    public Tensor Forward(Tensor picture, Tensor mask)
    {
        using var scope = TensorScope.Enter();
        var deep = _layers.Forward(picture, mask);
        return scope.Keep(picture + _conv.Forward(deep.Permute(0, 3, 1, 2)).Permute(0, 2, 3, 1));
    }

    /// <summary>The layers under the name that the official files give them.</summary>
    private sealed class SwinLayers : Module
    {
        private readonly SwinBlock[] _blocks;

        public SwinLayers(SwinIrOptions options, int heads, Tensor mask, double[] drops)
            => _blocks = [.. drops.Select((drop, k) => Add($"blocks.{k}", new SwinBlock(options, heads, k % 2 == 0 ? null : mask, drop)))];

        public Tensor Forward(Tensor picture, Tensor mask)
        {
            var x = picture.Alias();
            foreach (var block in _blocks)
            {
                using var previous = x;
                x = block.Forward(previous, mask);
            }

            return x;
        }
    }
}
