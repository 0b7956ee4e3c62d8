using Unpress.Torch;
using Unpress.Torch.Nn;

namespace Unpress.Networks.Backbones;

/// <summary>Convolution without bias, batch norm with ε = 0.001, ReLU: the unit of <see cref="InceptionV3"/>.</summary>
internal sealed class ConvBatchNormRelu : Layer
{
    private readonly Layer _conv;
    private readonly BatchNorm2d _norm;

    public ConvBatchNormRelu(long inChannels, long outChannels, long kernelSize, long stride = 1, long padding = 0)
        : this(new Conv2d(inChannels, outChannels, kernelSize, stride, padding, bias: false), outChannels)
    {
    }

    private ConvBatchNormRelu(Layer conv, long channels)
    {
        _conv = Add("conv", conv);
        _norm = Add("bn", new BatchNorm2d(channels, epsilon: 0.001));
    }

    /// <summary>A kernel of another height than width that keeps the size.</summary>
    public static ConvBatchNormRelu Oblong(long inChannels, long outChannels, long kernelHeight, long kernelWidth)
        => new(new OblongConv2d(inChannels, outChannels, kernelHeight, kernelWidth), outChannels);

    public override Tensor Forward(Tensor input)
    {
        using var convolved = _conv.Forward(input);
        using var normed = _norm.Forward(convolved);
        return Functional.Relu(normed);
    }
}
