using Microsoft.Win32.SafeHandles;

namespace Unpress.Torch.Interop;

/// <summary>A ut_group of torch_bridge.h.</summary>
internal sealed class GroupHandle() : SafeHandleZeroOrMinusOneIsInvalid(ownsHandle: true)
{
    protected override bool ReleaseHandle()
    {
        Native.ut_group_free(handle);
        return true;
    }
}

/// <summary>A ut_exchange of torch_bridge.h.</summary>
internal sealed class ExchangeHandle() : SafeHandleZeroOrMinusOneIsInvalid(ownsHandle: true)
{
    protected override bool ReleaseHandle()
    {
        Native.ut_exchange_free(handle);
        return true;
    }
}
