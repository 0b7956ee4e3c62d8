namespace Unpress.Torch.Nn;

/// <summary>Transposed 2-D convolution, weight [in, out/groups, k, k], PyTorch's default initialisation.</summary>
public sealed class ConvTranspose2d : Layer
{
    private readonly long _stride;
    private readonly long _padding;
    private readonly long _outputPadding;
    private readonly long _groups;

    public ConvTranspose2d(
        long inChannels, long outChannels, long kernelSize, long stride = 1, long padding = 0, long outputPadding = 0, long groups = 1, bool bias = true)
    {
        (_stride, _padding, _outputPadding, _groups) = (stride, padding, outputPadding, groups);
        Weight = AddParameter("weight", Tensor.Empty([inChannels, outChannels / groups, kernelSize, kernelSize]));
        Bias = bias ? AddParameter("bias", Tensor.Empty([outChannels])) : null;
        Init.Usual(Weight, Bias);
    }

    public Tensor Weight { get; }

    public Tensor? Bias { get; }

    public override Tensor Forward(Tensor input) => Functional.ConvTranspose2d(input, Weight, Bias, _stride, _padding, _outputPadding, _groups);
}
