using System.Runtime.InteropServices;

namespace Unpress.Vision;

/// <summary>A model that OpenCV holds.</summary>
internal sealed unsafe class ModelHandle : SafeHandle
{
    public ModelHandle(void* model)
        : base(0, ownsHandle: true) => SetHandle((nint)model);

    public override bool IsInvalid => handle == 0;

    public void* Model => (void*)handle;

    protected override bool ReleaseHandle() => NativeDnn.dnn_close((void*)handle) == 0;
}
