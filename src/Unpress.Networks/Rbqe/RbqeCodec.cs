namespace Unpress.Networks;

/// <summary>The codec whose block edges RBQE's quality assessment looks for.</summary>
public enum RbqeCodec
{
    /// <summary>Blocks of 8×8.</summary>
    Jpeg,

    /// <summary>Blocks of 4×4, the smallest transform.</summary>
    Hevc,
}
