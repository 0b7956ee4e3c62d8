namespace Unpress.Torch;

/// <summary>How N×C×H×W lies in memory; ATen's codes. Channels-last is what CPU convolutions like best.</summary>
public enum MemoryFormat
{
    Contiguous = 0,
    Preserve = 1,
    ChannelsLast = 2,
}
