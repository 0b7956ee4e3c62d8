using Unpress.Torch;

namespace Unpress.Inference;

/// <summary>How a network is applied to pictures.</summary>
public sealed record NetworkEnhancerOptions
{
    /// <summary>0..100 percent: 0 gives the input's pixels, 100 the network's, between them a blend; times <see cref="NearlyClean.Share"/>.</summary>
    public double Strength { get; init; } = 100;

    /// <summary>1..100, the quality factor the picture was compressed with, for networks that take one; null lets them find it.</summary>
    public int? Quality { get; init; }

    /// <summary>fp32 unless asked for: what is measured must not depend on the machine. <c>enhance</c> asks for <see cref="Precision.Auto"/>.</summary>
    public Precision Precision { get; init; } = Precision.Fp32;

    public Device Device { get; init; } = Device.Cpu;

    /// <summary>Bytes the whole process should keep within; the tiles are cut to fit.</summary>
    public long Memory { get; init; } = 2L << 30;

    /// <exception cref="ArgumentException">An option is out of range; the message says which.</exception>
    public void Validate()
    {
        if (!(Strength is >= 0 and <= 100))
            throw new ArgumentException($"strength {Strength}: 0 to 100");
        if (Quality is < 1 or > 100)
            throw new ArgumentException($"quality {Quality}: 1 to 100");
        if (Memory < 1)
            throw new ArgumentException($"memory of {Memory} bytes: more than none");
    }
}
