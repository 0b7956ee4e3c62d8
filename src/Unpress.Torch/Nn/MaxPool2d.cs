namespace Unpress.Torch.Nn;

/// <summary>The largest number of each window; with <paramref name="ceiling"/> a window that is cut off by the border counts too.</summary>
public sealed class MaxPool2d(long kernelSize, long stride, long padding = 0, bool ceiling = false) : Layer
{
    public override Tensor Forward(Tensor input) => Functional.MaxPool2d(input, kernelSize, stride, padding, ceiling);
}
