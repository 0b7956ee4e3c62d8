namespace Unpress.Torch.Nn;

/// <summary>2-D convolution, weight [out, in/groups, k, k], PyTorch's default initialisation. Zero padding.</summary>
public sealed class Conv2d : Layer
{
    public Conv2d(long inChannels, long outChannels, long kernelSize, long stride = 1, long padding = 0, long dilation = 1, long groups = 1, bool bias = true)
    {
        Stride = stride;
        Padding = padding;
        Dilation = dilation;
        Groups = groups;
        Weight = AddParameter("weight", Tensor.Empty([outChannels, inChannels / groups, kernelSize, kernelSize]));
        Bias = bias ? AddParameter("bias", Tensor.Empty([outChannels])) : null;
        Init.Usual(Weight, Bias);
    }

    public Tensor Weight { get; }

    public Tensor? Bias { get; }

    public long Stride { get; }

    public long Padding { get; }

    public long Dilation { get; }

    public long Groups { get; }

    /// <summary>A convolution that keeps the size: odd kernel, stride 1, zero padding.</summary>
    public static Conv2d Same(long inChannels, long outChannels, long kernelSize, bool bias = true)
        => new(inChannels, outChannels, kernelSize, padding: kernelSize / 2, bias: bias);

    public override Tensor Forward(Tensor input) => Functional.Conv2d(input, Weight, Bias, Stride, Padding, Dilation, Groups);
}
