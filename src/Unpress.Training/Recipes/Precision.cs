namespace Unpress.Recipes;

/// <summary>What the network computes in while training.</summary>
public enum Precision
{
    Fp32,

    /// <summary>Autocast to bfloat16; weights and optimiser stay float32.</summary>
    Bf16,

    /// <summary>Autocast to float16 with a loss scaler; CUDA only.</summary>
    Fp16,
}
