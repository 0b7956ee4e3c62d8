using Unpress.Torch.Interop;

namespace Unpress.Torch;

public sealed unsafe partial class Tensor
{
    /// <summary>Whether operations on this tensor are recorded for backward.</summary>
    public bool RequiresGrad
    {
        get
        {
            Native.Check(Native.ut_requires_grad(Handle, out int value));
            return value != 0;
        }
        set => Native.Check(Native.ut_set_requires_grad(Handle, value ? 1 : 0));
    }

    /// <summary>The gradient that backward left on this leaf, a fresh handle; null when there is none. Setting null clears it.</summary>
    public Tensor? Grad
    {
        get
        {
            Native.Check(Native.ut_get_grad(Handle, out nint grad));
            return grad == 0 ? null : new Tensor(grad);
        }
        set => Native.Check(Native.ut_set_grad(Handle, value?.Handle ?? 0));
    }

    /// <summary>
    /// Adds this scalar's gradient to every leaf it depends on. The graph is freed, except where it is retained or where a graph of the
    /// gradients is made, which needs it.
    /// </summary>
    public void Backward(bool retainGraph = false, bool createGraph = false)
        => Native.Check(Native.ut_backward(Handle, 0, retainGraph || createGraph ? 1 : 0, createGraph ? 1 : 0));

    /// <summary>The gradients of a scalar by <paramref name="inputs"/>, without touching anybody's <see cref="Grad"/>; null where it does not depend.</summary>
    public Tensor?[] Gradients(IReadOnlyList<Tensor> inputs, bool retainGraph = false, bool createGraph = false)
    {
        var handles = new nint[inputs.Count];
        var results = new nint[inputs.Count];
        for (int k = 0; k < handles.Length; k++)
            handles[k] = inputs[k].Handle;
        fixed (nint* wanted = handles)
        fixed (nint* found = results)
            Native.Check(Native.ut_grad(Handle, 0, wanted, handles.Length, retainGraph || createGraph ? 1 : 0, createGraph ? 1 : 0, found));
        GC.KeepAlive(inputs);
        return Array.ConvertAll(results, handle => handle == 0 ? null : new Tensor(handle));
    }
}
