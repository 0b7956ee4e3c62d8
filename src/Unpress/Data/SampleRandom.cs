namespace Unpress.Data;

/// <summary>
/// Random numbers that belong to one training sample: a pure function of (seed, sample index), so any worker, in any order, on any
/// day draws the same numbers for sample i. SplitMix64 (Steele, Lea, Flood, "Fast splittable pseudorandom number generators", 2014).
/// </summary>
public struct SampleRandom
{
    private ulong _state;

    public SampleRandom(ulong seed, long index) =>
        // Both go through the mixer, so that neighbouring seeds and neighbouring indices start far apart.
        _state = Mix(Mix(seed) + (0x9E3779B97F4A7C15UL * (ulong)index));

    public ulong NextBits() => Mix(_state += 0x9E3779B97F4A7C15UL);

    /// <summary>A whole number in 0..<paramref name="limit"/>-1. The bias of multiply-and-shift is below 2^-32 for such limits.</summary>
    public int Next(int limit)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(limit, 1);
        return (int)Math.BigMul(NextBits(), (ulong)limit, out _);
    }

    /// <summary>A number in [0, 1).</summary>
    public double NextDouble() => (NextBits() >> 11) * (1.0 / (1UL << 53));

    /// <summary>True with the given probability, 0..1. Always uses up one draw, so neighbours in the stream do not depend on it.</summary>
    public bool Chance(double probability) => NextDouble() < probability;

    private static ulong Mix(ulong z)
    {
        z = (z ^ (z >> 30)) * 0xBF58476D1CE4E5B9UL;
        z = (z ^ (z >> 27)) * 0x94D049BB133111EBUL;
        return z ^ (z >> 31);
    }
}
