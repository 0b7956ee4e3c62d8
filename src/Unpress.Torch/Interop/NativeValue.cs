using System.Runtime.InteropServices;

namespace Unpress.Torch.Interop;

/// <summary>The C struct ut_value of torch_bridge.h.</summary>
[StructLayout(LayoutKind.Sequential)]
internal struct NativeValue
{
    public ValueTag Tag;
    public int Count;
    public long Integer;
    public double Number;
    public nint Pointer;
}

/// <summary>ut_tag of torch_bridge.h.</summary>
internal enum ValueTag
{
    None,
    Tensor,
    Int,
    Float,
    Bool,
    String,
    IntList,
    FloatList,
    BoolList,
    TensorList,
    OptionalTensorList,
    Device,
    Default,
    Generator,
}
