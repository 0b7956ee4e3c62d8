using System.Buffers.Binary;

namespace Unpress.Imaging.Formats;

/// <summary>What a HEIF file (ISO/IEC 23008-12) says of its pictures, read without a decoder and without trusting any length.</summary>
internal static class HeifBoxes
{
    /// <summary>Width and height of every picture and tile; none when the file holds no such thing. One beyond an int is as large as an int.</summary>
    public static IReadOnlyList<(int Width, int Height)> Sizes(ReadOnlySpan<byte> file)
    {
        List<(int Width, int Height)> sizes = [];
        ReadOnlySpan<byte> properties = Properties(file);
        while (IsoBoxes.Next(ref properties, out ReadOnlySpan<byte> type, out ReadOnlySpan<byte> payload))
        {
            if (type.SequenceEqual("ispe"u8) && payload.Length >= 12)
                sizes.Add((Bounded(payload[4..]), Bounded(payload[8..])));
        }
        return sizes;
    }

    /// <summary>The first ICC profile and the file without any; null when there is none.</summary>
    public static (byte[] Profile, byte[] FileWithout)? TakeProfile(ReadOnlySpan<byte> file)
    {
        byte[]? first = null, without = null;
        ReadOnlySpan<byte> properties = Properties(file);
        while (IsoBoxes.Next(ref properties, out ReadOnlySpan<byte> type, out ReadOnlySpan<byte> payload))
        {
            if (!type.SequenceEqual("colr"u8) || !(payload.StartsWith("prof"u8) || payload.StartsWith("rICC"u8)))
                continue;
            first ??= payload[4..].ToArray();
            without ??= file.ToArray();
            // A box of a type that readers skip, in the same place: the properties are known by their numbers.
            file.Overlaps(type, out int at);
            "free"u8.CopyTo(without.AsSpan(at));
        }
        return first is null ? null : (first, without!);
    }

    private static ReadOnlySpan<byte> Properties(ReadOnlySpan<byte> file) =>
        // meta is a full box: version and flags before what it contains.
        IsoBoxes.Find(file, "meta"u8, out ReadOnlySpan<byte> meta) && meta.Length > 4
        && IsoBoxes.Find(meta[4..], "iprp"u8, out ReadOnlySpan<byte> properties)
        && IsoBoxes.Find(properties, "ipco"u8, out ReadOnlySpan<byte> container) ? container : default;

    private static int Bounded(ReadOnlySpan<byte> number) => (int)Math.Min(int.MaxValue, BinaryPrimitives.ReadUInt32BigEndian(number));
}
