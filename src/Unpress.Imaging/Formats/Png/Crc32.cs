namespace Unpress.Imaging.Formats.Png;

/// <summary>The CRC of PNG chunks (ISO 3309), a byte at a time from a table.</summary>
internal static class Crc32
{
    private static readonly uint[] Table = [.. Enumerable.Range(0, 256).Select(i => Enumerable.Range(0, 8).Aggregate(
        (uint)i, (value, _) => (value >> 1) ^ ((value & 1) * 0xEDB88320u)))];

    public static uint Of(ReadOnlySpan<byte> type, ReadOnlySpan<byte> data) => ~Add(Add(uint.MaxValue, type), data);

    private static uint Add(uint value, ReadOnlySpan<byte> data)
    {
        foreach (byte part in data)
            value = (value >> 8) ^ Table[(byte)(value ^ part)];
        return value;
    }
}
