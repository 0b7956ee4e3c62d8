using Unpress.Torch;
using Unpress.Torch.Nn;

namespace Unpress.Networks;

/// <summary>
/// One node of RBQE's decoders: the features from below, brought up by a transposed convolution, and all earlier features of this level,
/// through two convolutions.
/// </summary>
internal sealed class RbqeUp : Module
{
    private readonly ConvTranspose2d _up;
    private readonly Sequential _layers;

    /// <param name="earlier">How many features of this level there are before.</param>
    public RbqeUp(int width, int earlier, bool attention)
    {
        int all = width * (earlier + 1);
        _up = Add("up", new ConvTranspose2d(width, width, 3, stride: 2, padding: 1));
        Layer first = Conv2d.Same(all, width, 3), second = Conv2d.Same(width, width, 3);
        _layers = Add("layers", attention
            ? new Sequential(new ChannelGate(), first, new Relu(), new ChannelGate(), second)
            : new Sequential(first, new Relu(), second));
    }

    public Tensor Forward(Tensor below, IReadOnlyList<Tensor> earlier)
    {
        using var scope = TensorScope.Enter();
        var up = SizeFit.Centre(_up.Forward(below), earlier[0]);
        return scope.Keep(_layers.Forward(Tensor.Cat([up, .. earlier], 1)));
    }
}
