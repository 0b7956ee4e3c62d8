using Unpress.Torch;
using Unpress.Torch.Nn;

namespace Unpress.Networks;

/// <summary>A residual dense block: each layer sees what all before it found; a 1×1 convolution fuses them, and the input is added.</summary>
internal sealed class RdnBlock : Layer
{
    private readonly Conv2d[] _layers;
    private readonly Conv2d _fuse;

    public RdnBlock(int width, int growth, int layers)
    {
        _layers = [.. Enumerable.Range(0, layers).Select(c => Add($"layers.{c}.conv", Conv2d.Same(width + (c * growth), growth, 3)))];
        _fuse = Add("lff", Conv2d.Same(width + (layers * growth), width, 1));
    }

    public override Tensor Forward(Tensor input)
    {
        using var scope = TensorScope.Enter();
        var known = input;
        foreach (var layer in _layers)
            known = Tensor.Cat([known, Functional.Relu(layer.Forward(known))], 1);
        return scope.Keep(input + _fuse.Forward(known));
    }
}
