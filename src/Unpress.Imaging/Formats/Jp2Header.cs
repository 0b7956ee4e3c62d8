using System.Buffers.Binary;

namespace Unpress.Imaging.Formats;

/// <summary>What a JPEG 2000 file (ITU-T T.800, annexes A and I) says of itself, read without a decoder and without trusting any length.</summary>
/// <param name="Codestream">Where it lies in the file.</param>
/// <param name="IsContainer">A JP2 file, not a bare codestream.</param>
/// <param name="Profile">ICC profile by which the components are gray or RGB as they are; null without.</param>
internal sealed record Jp2Header(int Width, int Height, Range Codestream, bool IsContainer, byte[]? Profile)
{
    private const int SizMarker = 0xFF51;

    /// <exception cref="InvalidFileException">There is no size in it, or it is CMYK.</exception>
    public static Jp2Header Read(ReadOnlySpan<byte> file, string name)
    {
        if (file.StartsWith<byte>([0xFF, 0x4F]))
            return Of(file, Range.All, isContainer: false, null, name);
        byte[]? profile = null;
        for (ReadOnlySpan<byte> rest = file; IsoBoxes.Next(ref rest, out ReadOnlySpan<byte> type, out ReadOnlySpan<byte> payload);)
        {
            if (type.SequenceEqual("jp2h"u8))
                profile = FindProfile(payload, name);
            if (!type.SequenceEqual("jp2c"u8))
                continue;
            int end = file.Length - rest.Length;
            return Of(payload, (end - payload.Length)..end, isContainer: true, profile, name);
        }
        throw new InvalidFileException(name, "cannot be read as jp2; damaged or cut off (it holds no codestream)");
    }

    private static Jp2Header Of(ReadOnlySpan<byte> codestream, Range where, bool isContainer, byte[]? profile, string name)
    {
        // SOC, then SIZ: its length, a capability, the grid's size and the picture's offset in it.
        if (codestream.Length < 24 || BinaryPrimitives.ReadUInt16BigEndian(codestream[2..]) != SizMarker)
            throw new InvalidFileException(name, "cannot be read as jp2; damaged or cut off (the codestream has no size)");
        long width = BinaryPrimitives.ReadUInt32BigEndian(codestream[8..]) - (long)BinaryPrimitives.ReadUInt32BigEndian(codestream[16..]);
        long height = BinaryPrimitives.ReadUInt32BigEndian(codestream[12..]) - (long)BinaryPrimitives.ReadUInt32BigEndian(codestream[20..]);
        return new Jp2Header((int)Math.Clamp(width, 0, int.MaxValue), (int)Math.Clamp(height, 0, int.MaxValue), where, isContainer, profile);
    }

    private static byte[]? FindProfile(ReadOnlySpan<byte> header, string name)
    {
        byte[]? profile = null;
        while (IsoBoxes.Next(ref header, out ReadOnlySpan<byte> type, out ReadOnlySpan<byte> payload))
        {
            // A palette, or channels in an order of their own: then OpenJPEG must see the container.
            if (type.SequenceEqual("pclr"u8))
                return null;
            // Method, precedence, approximation; then for method 1 a number, for 2 and 3 the profile.
            if (!type.SequenceEqual("colr"u8) || payload.Length < 7)
                continue;
            if (payload[0] == 1 && BinaryPrimitives.ReadUInt32BigEndian(payload[3..]) == 12)
                throw Cmyk(name);
            if (payload[0] is 2 or 3 && payload.Length >= 3 + 128)
                profile ??= payload[3..].ToArray();
        }
        return profile is not null && profile.AsSpan(16, 4).SequenceEqual("CMYK"u8) ? throw Cmyk(name) : profile;
    }

    private static InvalidFileException Cmyk(string name) => new(name, "a JPEG 2000 in CMYK, which is not supported; save it as TIFF or JPEG");
}
