using System.Buffers.Binary;
using Unpress.Imaging.Jpeg;

namespace Unpress.Imaging.Formats;

/// <summary>What cameras and phones put beside the picture of a JPEG file, none of which is read.</summary>
internal static class JpegExtras
{
    private static ReadOnlySpan<byte> ExtendedXmpPrefix => "http://ns.adobe.com/xmp/extension/\0"u8;

    private static ReadOnlySpan<byte> MultiPicturePrefix => "MPF\0"u8;

    private static ReadOnlySpan<byte> GainMapPrefix => "urn:iso:std:iso:ts:21496:-1\0"u8;

    /// <summary>As in <see cref="ImageMetadata.LeftOut"/>.</summary>
    /// <param name="end">Where the picture ends, behind its last marker.</param>
    public static List<string> Find(ReadOnlySpan<byte> file, List<JpegSegment> segments, JpegAnatomy anatomy, byte[]? xmp, int end)
    {
        bool extended = false, gainMap = Says(xmp, "hdrgm:Version"u8) || Says(xmp, "\"GainMap\""u8) || Says(xmp, "HDRGainMap"u8);
        int pictures = 1;
        foreach (JpegSegment segment in segments)
        {
            ReadOnlySpan<byte> payload = segment.Payload(file);
            extended |= segment.Marker == JpegSegment.App1 && payload.StartsWith(ExtendedXmpPrefix);
            gainMap |= segment.Marker == JpegSegment.App2 && payload.StartsWith(GainMapPrefix);
            if (segment.Marker == JpegSegment.App2 && payload.StartsWith(MultiPicturePrefix))
                pictures = Math.Max(pictures, Pictures(payload[MultiPicturePrefix.Length..]));
        }
        ReadOnlySpan<byte> behind = file[end..];
        if (pictures == 1 && behind.IndexOf<byte>([0xFF, 0xD8, 0xFF]) == 0)
            pictures = 2;
        var left = new List<string>();
        if (LacksScans(file, segments, anatomy))
            left.Add("scans are missing in the file: parts of the picture or all of its detail");
        // The claim alone may be left from a file that was changed since.
        if (gainMap && (pictures > 1 || behind.IndexOf<byte>([0xFF, 0xD8, 0xFF]) >= 0))
            left.Add("the gain map is left out: the result has the standard range");
        else if (pictures > 1)
            left.Add(FileFacts.Several(pictures, "pictures"));
        if (behind.IndexOf("ftyp"u8) >= 4)
            left.Add("the video is left out");
        if (extended)
            left.Add("the extended XMP is left out");
        return left;
    }

    /// <summary>By what the scans say they hold: whether of any component a coefficient never comes, or not to its last bit.</summary>
    private static bool LacksScans(ReadOnlySpan<byte> file, List<JpegSegment> segments, JpegAnatomy anatomy)
    {
        const int coefficients = 64;
        var whole = anatomy.Components.DistinctBy(component => component.Id).ToDictionary(component => component.Id, _ => new bool[coefficients]);
        foreach (JpegSegment segment in segments.Where(segment => segment.Marker == JpegSegment.StartOfScan))
        {
            ReadOnlySpan<byte> scan = segment.Payload(file);
            if (scan.Length < 1 || scan.Length < 4 + (2 * scan[0]))
                continue;
            ReadOnlySpan<byte> band = scan[(1 + (2 * scan[0]))..];
            int from = band[0], to = Math.Min((int)band[1], coefficients - 1);
            bool toTheLastBit = (band[2] & 0xF) == 0;
            for (int i = 0; toTheLastBit && i < scan[0]; i++)
            {
                if (whole.TryGetValue(scan[1 + (2 * i)], out bool[]? coded) && from <= to)
                    coded.AsSpan(from, to - from + 1).Fill(true);
            }
        }
        return whole.Values.Any(coded => coded.Contains(false));
    }

    /// <summary>Those of a multi-picture file (CIPA DC-007) that are no previews of others.</summary>
    private static int Pictures(ReadOnlySpan<byte> index)
    {
        bool big = index.StartsWith("MM\0*"u8);
        int start = (int)Math.Min(int.MaxValue, Number(index, 4, 4, big));
        int count = (int)Number(index, start, 2, big), pictures = 0;
        for (int i = 0; i < count; i++)
        {
            int entry = start + 2 + (12 * i);
            if (Number(index, entry, 2, big) != 0xB002)
                continue;
            long length = Number(index, entry + 4, 4, big), list = Number(index, entry + 8, 4, big);
            for (long at = list; at + 16 <= Math.Min(list + length, index.Length); at += 16)
            {
                // 0x01nnnn are previews.
                if ((Number(index, (int)at, 4, big) >> 16 & 0xFF) != 1)
                    pictures++;
            }
        }
        return pictures;
    }

    /// <summary>0 where the block ends before it.</summary>
    private static long Number(ReadOnlySpan<byte> block, int at, int bytes, bool big)
    {
        if (at < 0 || at > block.Length - bytes)
            return 0;
        ReadOnlySpan<byte> number = block.Slice(at, bytes);
        return (bytes, big) switch
        {
            (2, true) => BinaryPrimitives.ReadUInt16BigEndian(number),
            (2, false) => BinaryPrimitives.ReadUInt16LittleEndian(number),
            (_, true) => BinaryPrimitives.ReadUInt32BigEndian(number),
            _ => BinaryPrimitives.ReadUInt32LittleEndian(number),
        };
    }

    private static bool Says(byte[]? xmp, ReadOnlySpan<byte> words) => xmp.AsSpan().IndexOf(words) >= 0;
}
