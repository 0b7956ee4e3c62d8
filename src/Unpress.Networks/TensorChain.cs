using Unpress.Torch;

namespace Unpress.Networks;

/// <summary>Long chains that let go of each result as soon as the next is there: at full size that is most of the memory.</summary>
internal static class TensorChain
{
    /// <summary>The step's result; the tensor itself is disposed.</summary>
    public static Tensor Then(this Tensor tensor, Func<Tensor, Tensor> step)
    {
        using (tensor)
            return step(tensor);
    }
}
