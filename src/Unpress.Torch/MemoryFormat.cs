namespace Unpress.Torch;

/// <summary>How N×C×H×W lies in memory; ATen's codes. Which is faster, <see cref="Device.FastFormat"/> says.</summary>
public enum MemoryFormat
{
    Contiguous = 0,
    Preserve = 1,
    ChannelsLast = 2,
}
