namespace Unpress.Training.Logging;

/// <summary>CRC-32C (Castagnoli, polynomial 0x1EDC6F41 reflected), and the "masked" form that TFRecord files store.</summary>
internal static class Crc32C
{
    private static readonly uint[] Table = MakeTable();

    public static uint Of(ReadOnlySpan<byte> bytes)
    {
        uint crc = uint.MaxValue;
        foreach (byte value in bytes)
            crc = Table[(byte)(crc ^ value)] ^ (crc >> 8);
        return ~crc;
    }

    /// <summary>Rotated and offset, so that a checksum over data that holds checksums stays good.</summary>
    public static uint Masked(ReadOnlySpan<byte> bytes)
    {
        uint crc = Of(bytes);
        return ((crc >> 15) | (crc << 17)) + 0xA282EAD8;
    }

    private static uint[] MakeTable()
    {
        uint[] table = new uint[256];
        for (uint i = 0; i < 256; i++)
        {
            uint crc = i;
            for (int bit = 0; bit < 8; bit++)
                crc = (crc & 1) != 0 ? (crc >> 1) ^ 0x82F63B78 : crc >> 1;
            table[i] = crc;
        }

        return table;
    }
}
