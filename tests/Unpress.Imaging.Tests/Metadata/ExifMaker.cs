using System.Buffers.Binary;

namespace Unpress.Imaging.Tests.Metadata;

/// <summary>An EXIF block as cameras write it: IFD0, EXIF and GPS directories, a thumbnail directory, values behind offsets.</summary>
internal static class ExifMaker
{
    public const string Camera = "Unpress test camera";
    public const string MakerNote = "maker note with an offset of its own";
    public const string GpsText = "WGS-84-SECRET-PLACE";
    public const string Thumbnail = "THUMBNAIL-BYTES";

    public static byte[] Make(int orientation, bool bigEndian = false, int width = 45, int height = 70)
    {
        var bytes = new byte[600];
        (bigEndian ? "MM\0*"u8 : "II*\0"u8).CopyTo(bytes);
        void U16(int at, int value)
        {
            if (bigEndian)
                BinaryPrimitives.WriteUInt16BigEndian(bytes.AsSpan(at), (ushort)value);
            else
                BinaryPrimitives.WriteUInt16LittleEndian(bytes.AsSpan(at), (ushort)value);
        }
        void U32(int at, int value)
        {
            if (bigEndian)
                BinaryPrimitives.WriteInt32BigEndian(bytes.AsSpan(at), value);
            else
                BinaryPrimitives.WriteInt32LittleEndian(bytes.AsSpan(at), value);
        }
        void Entry(int at, int tag, int type, int count, int value)
        {
            U16(at, tag);
            U16(at + 2, type);
            U32(at + 4, count);
            if (type == 3 && count == 1)
                U16(at + 8, value);
            else if (type == 2 && count <= 4)
                bytes[at + 8] = (byte)value;
            else
                U32(at + 8, value);
        }
        void Directory(int at, int next, params (int Tag, int Type, int Count, int Value)[] entries)
        {
            U16(at, entries.Length);
            for (int i = 0; i < entries.Length; i++)
                Entry(at + 2 + (12 * i), entries[i].Tag, entries[i].Type, entries[i].Count, entries[i].Value);
            U32(at + 2 + (12 * entries.Length), next);
        }
        void Text(int at, string text) => System.Text.Encoding.ASCII.GetBytes(text).CopyTo(bytes, at);

        U32(4, 8);
        Directory(8, 350, (0x110, 2, Camera.Length + 1, 420), (0x112, 3, 1, orientation), (0x8769, 4, 1, 150), (0x8825, 4, 1, 250));
        Directory(150, 0, (0x927C, 7, MakerNote.Length, 450), (0xA002, 4, 1, width), (0xA003, 3, 1, height));
        Directory(250, 0, (0x1, 2, 2, 'N'), (0x12, 2, GpsText.Length + 1, 500));
        Directory(350, 0, (0x201, 4, 1, 550), (0x202, 4, 1, Thumbnail.Length));
        Text(420, Camera);
        Text(450, MakerNote);
        Text(500, GpsText);
        Text(550, Thumbnail);
        return bytes;
    }
}
