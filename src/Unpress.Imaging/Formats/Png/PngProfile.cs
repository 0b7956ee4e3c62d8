using System.Buffers.Binary;
using System.IO.Compression;

namespace Unpress.Imaging.Formats.Png;

/// <summary>
/// The colour profile of a PNG, for when libpng has refused it. It does so for faults that matter to nobody else, and in silence; and for damage, and for
/// a few bytes that would become gigabytes.
/// </summary>
internal static class PngProfile
{
    public const string Refused = "the colour profile is left out, since it is damaged or too large: the colours may look different";

    /// <summary>Four times the largest that are in use.</summary>
    private const int MostBytes = 16 << 20;

    private const int Header = 128, LongestName = 79;

    /// <param name="chunk">The data of iCCP: a name, a zero, the method 0, the profile in zlib's format.</param>
    /// <param name="colours">1 for gray, 3 for RGB.</param>
    /// <returns>The profile; null where it is none for a picture of so many colours, or larger than any that is known.</returns>
    public static byte[]? Unpack(ReadOnlySpan<byte> chunk, int colours)
    {
        int name = chunk[..Math.Min(chunk.Length, LongestName + 1)].IndexOf((byte)0);
        if (name < 0 || name + 2 >= chunk.Length || chunk[name + 1] != 0)
            return null;
        try
        {
            using var zlib = new ZLibStream(new MemoryStream(chunk[(name + 2)..].ToArray()), CompressionMode.Decompress);
            var head = new byte[Header];
            if (zlib.ReadAtLeast(head, Header, throwOnEndOfStream: false) < Header || !head.AsSpan(36).StartsWith("acsp"u8)
                || !head.AsSpan(16).StartsWith(colours == 1 ? "GRAY"u8 : "RGB "u8))
                return null;
            uint length = BinaryPrimitives.ReadUInt32BigEndian(head);
            if (length is < Header or > MostBytes)
                return null;
            var profile = new byte[length];
            head.CopyTo(profile, 0);
            bool whole = zlib.ReadAtLeast(profile.AsSpan(Header), profile.Length - Header, throwOnEndOfStream: false) == profile.Length - Header;
            return whole ? profile : null;
        }
        catch (Exception error) when (error is InvalidDataException or IOException) // the second, of ZLibException
        {
            return null;
        }
    }
}
