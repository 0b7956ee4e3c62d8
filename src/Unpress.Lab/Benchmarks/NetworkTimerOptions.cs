using Unpress.Torch;

namespace Unpress.Benchmarks;

/// <summary>How <see cref="NetworkTimer"/> measures.</summary>
public sealed record NetworkTimerOptions
{
    /// <summary>Pixels a side of the picture that the times are for.</summary>
    public int Side { get; init; } = 512;

    /// <summary>Passes after the warm-up; the median counts.</summary>
    public int Repeats { get; init; } = 3;

    /// <summary>A network that would take longer for a pass is measured on a smaller picture.</summary>
    public TimeSpan Limit { get; init; } = TimeSpan.FromSeconds(60);

    public Device Device { get; init; } = Device.Cpu;

    /// <summary>Convolutions and matrix products in bf16, as <c>enhance --precision bf16</c> computes them, instead of fp32.</summary>
    public bool Bf16 { get; init; }

    /// <exception cref="ArgumentException">An option is out of range; the message says which.</exception>
    public void Validate()
    {
        if (Side < NetworkTimer.SmallestSide)
            throw new ArgumentException($"a side of {Side} pixels: {NetworkTimer.SmallestSide} or more");
        if (Repeats < 1)
            throw new ArgumentException($"{Repeats} repeats: 1 or more");
        if (Limit <= TimeSpan.Zero)
            throw new ArgumentException("the limit: more than 0 seconds");
    }
}
