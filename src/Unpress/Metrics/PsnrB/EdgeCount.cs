namespace Unpress.Metrics;

/// <summary>How an implementation counts the pixel pairs that straddle a block edge.</summary>
internal enum EdgeCount
{
    /// <summary>H·⌊(W−1)/8⌋ + W·⌊(H−1)/8⌋: the pairs that there are.</summary>
    Exact,

    /// <summary>H·(W/8 − 1) + W·(H/8 − 1) in real numbers, as FBCNN's code has it.</summary>
    RealDivision,

    /// <summary>H·(⌊W/8⌋ − 1) + W·(⌊H/8⌋ − 1), as KAIR's code has it.</summary>
    FloorDivision,
}
