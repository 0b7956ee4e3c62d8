namespace Unpress.Imaging.Codecs.Hevc;

/// <summary>
/// The size of a picture that was padded before coding, as a last NAL unit of 8 to 12 bytes: HEVC's cropping window counts in chroma samples and cannot
/// state odd sizes. The unit has type 62, which the standard (ITU-T H.265, table 7-1) leaves to applications and tells decoders to skip.
/// Width and height follow in groups of 7 bits, highest first, the top bit set in all but the last; then a stop bit.
/// </summary>
internal static class SizeUnit
{
    private static ReadOnlySpan<byte> Start => [0, 0, 1, 62 << 1, 1];

    public static byte[] Write(int width, int height) => [.. Start, .. Groups(width), .. Groups(height), 0x80];

    /// <summary>The size at the end of the stream, or null when there is none.</summary>
    public static (int Width, int Height)? Read(ReadOnlySpan<byte> stream)
    {
        int at = stream.LastIndexOf(Start);
        if (at < 0)
            return null;
        var rest = stream[(at + Start.Length)..];
        int width = Number(ref rest), height = Number(ref rest);
        return width > 0 && height > 0 && rest.SequenceEqual<byte>([0x80])
            ? (width, height)
            : throw new InvalidDataException("the size unit at the end of the stream is damaged");
    }

    // A zero byte can only be the last of a group of a multiple of 128, and no number begins with one: two zeros in a row,
    // which would look like the start of another unit, cannot happen.
    private static List<byte> Groups(int number)
    {
        var groups = new List<byte> { (byte)(number & 0x7f) };
        for (number >>= 7; number > 0; number >>= 7)
            groups.Insert(0, (byte)(0x80 | (number & 0x7f)));
        return groups;
    }

    private static int Number(ref ReadOnlySpan<byte> bytes)
    {
        int number = 0;
        for (int i = 0; i < Math.Min(bytes.Length, 4); i++)
        {
            number = (number << 7) | (bytes[i] & 0x7f);
            if (bytes[i] < 0x80)
            {
                bytes = bytes[(i + 1)..];
                return number;
            }
        }

        return 0;
    }
}
