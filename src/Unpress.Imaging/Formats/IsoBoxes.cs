using System.Buffers.Binary;

namespace Unpress.Imaging.Formats;

/// <summary>The boxes of which HEIF and JPEG 2000 files are made: a length, four letters, a payload. A length that does not fit ends the walk.</summary>
internal static class IsoBoxes
{
    /// <summary>Takes the first box off; false at the end, or where no whole box follows.</summary>
    public static bool Next(scoped ref ReadOnlySpan<byte> boxes, out ReadOnlySpan<byte> type, out ReadOnlySpan<byte> payload)
    {
        type = payload = default;
        if (boxes.Length < 8)
            return false;
        ulong length = BinaryPrimitives.ReadUInt32BigEndian(boxes);
        int header = 8;
        if (length == 1 && boxes.Length >= 16)
            (length, header) = (BinaryPrimitives.ReadUInt64BigEndian(boxes[8..]), 16);
        else if (length == 0)
            length = (ulong)boxes.Length; // to the end of the file
        if (length < (ulong)header || length > (ulong)boxes.Length)
            return false;
        type = boxes.Slice(4, 4);
        payload = boxes[header..(int)length];
        boxes = boxes[(int)length..];
        return true;
    }

    /// <summary>The payload of the first box of a type.</summary>
    public static bool Find(ReadOnlySpan<byte> boxes, ReadOnlySpan<byte> wanted, out ReadOnlySpan<byte> payload)
    {
        ReadOnlySpan<byte> rest = boxes;
        while (Next(ref rest, out ReadOnlySpan<byte> type, out ReadOnlySpan<byte> found))
        {
            if (!type.SequenceEqual(wanted))
                continue;
            payload = found;
            return true;
        }
        payload = default;
        return false;
    }
}
