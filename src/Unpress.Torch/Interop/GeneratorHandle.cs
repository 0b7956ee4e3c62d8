using Microsoft.Win32.SafeHandles;

namespace Unpress.Torch.Interop;

/// <summary>A ut_generator of torch_bridge.h.</summary>
internal sealed class GeneratorHandle() : SafeHandleZeroOrMinusOneIsInvalid(ownsHandle: true)
{
    protected override bool ReleaseHandle()
    {
        Native.ut_generator_free(handle);
        return true;
    }
}
