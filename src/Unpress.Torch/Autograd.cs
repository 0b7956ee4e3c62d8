using Unpress.Torch.Interop;

namespace Unpress.Torch;

/// <summary>Thread-wide switches, each put back by <c>using</c>.</summary>
public static class Autograd
{
    /// <summary>Nothing is recorded for backward until the result is disposed.</summary>
    public static Switch NoGrad()
    {
        Native.Check(Native.ut_grad_mode(0, out int previous));
        return new Switch(() => Native.Check(Native.ut_grad_mode(previous, out _)));
    }

    /// <summary>Recording is on until the result is disposed, whatever stands outside.</summary>
    public static Switch WithGrad()
    {
        Native.Check(Native.ut_grad_mode(1, out int previous));
        return new Switch(() => Native.Check(Native.ut_grad_mode(previous, out _)));
    }

    /// <summary>
    /// Convolutions and matrix products run in <paramref name="type"/> (bf16 or fp16) until the result is disposed; null leaves all as it
    /// is.
    /// </summary>
    public static Switch Autocast(Device device, DType? type)
    {
        if (type is not { } wanted)
            return default;
        Native.Check(Native.ut_autocast(device.Type, (int)wanted, out int previous));
        return new Switch(() => Native.Check(Native.ut_autocast(device.Type, previous, out _)));
    }
}
