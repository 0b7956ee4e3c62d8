namespace Unpress.Inference;

/// <summary>In which numbers a network computes.</summary>
public enum Precision
{
    /// <summary>bf16 where the CPU has it natively and the picture loses less than 0.01 dB by it, else fp32.</summary>
    Auto,

    /// <summary>32-bit floats.</summary>
    Fp32,

    /// <summary>Convolutions in bfloat16, everything else in fp32.</summary>
    Bf16,
}
