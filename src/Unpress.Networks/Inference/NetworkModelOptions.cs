using Unpress.Torch;

namespace Unpress.Inference;

/// <summary>How a network is run in libtorch.</summary>
public sealed record NetworkModelOptions
{
    /// <summary>fp32 unless asked for: what is measured must not depend on the machine. <c>enhance</c> asks for <see cref="Precision.Auto"/>.</summary>
    public Precision Precision { get; init; } = Precision.Fp32;

    public Device Device { get; init; } = Device.Cpu;

    /// <summary>Threads inside one operator, of the whole process; null leaves them as they are.</summary>
    public int? Threads { get; init; }
}
