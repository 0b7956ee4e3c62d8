namespace Unpress.Torch.Nn;

/// <summary>
/// 2-D convolution with a kernel that need not be square, weight [out, in, kH, kW], without bias, padded with zeros so that the size stays
/// (odd kernels). PyTorch's default initialisation.
/// </summary>
public sealed class OblongConv2d : Layer
{
    private readonly Tensor _weight;
    private readonly (long Height, long Width) _padding;

    public OblongConv2d(long inChannels, long outChannels, long kernelHeight, long kernelWidth)
    {
        _padding = (kernelHeight / 2, kernelWidth / 2);
        _weight = AddParameter("weight", Tensor.Empty([outChannels, inChannels, kernelHeight, kernelWidth]));
        Init.Usual(_weight);
    }

    public override Tensor Forward(Tensor input) => Functional.Conv2d(input, _weight, null, 1, _padding);
}
