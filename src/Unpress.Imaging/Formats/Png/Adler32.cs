namespace Unpress.Imaging.Formats.Png;

/// <summary>The checksum of a zlib stream (RFC 1950), which can be put together from those of its pieces.</summary>
internal static class Adler32
{
    private const uint Modulus = 65521;

    /// <summary>Bytes after which the sums may overflow 32 bits.</summary>
    private const int Safe = 5552;

    public static uint Of(ReadOnlySpan<byte> data)
    {
        uint low = 1, high = 0;
        while (!data.IsEmpty)
        {
            ReadOnlySpan<byte> part = data[..Math.Min(Safe, data.Length)];
            foreach (byte value in part)
            {
                low += value;
                high += low;
            }
            (low, high) = (low % Modulus, high % Modulus);
            data = data[part.Length..];
        }
        return (high << 16) | low;
    }

    /// <summary>The checksum of two pieces after each other, the second <paramref name="length"/> bytes long.</summary>
    public static uint Combine(uint first, uint second, long length)
    {
        ulong low = first & 0xFFFF, high = first >> 16;
        ulong sumLow = (low + (second & 0xFFFF) + Modulus - 1) % Modulus;
        ulong sumHigh = (high + (second >> 16) + ((ulong)(length % Modulus) * (low + Modulus - 1))) % Modulus;
        return (uint)((sumHigh << 16) | sumLow);
    }
}
