using System.Buffers.Binary;

namespace Unpress.Imaging.Formats;

/// <summary>Uncompressed bitmaps: gray with a ramp as palette, RGB with 24 bits, transparency with 32 and masks.</summary>
internal static class BmpWriter
{
    public static void Write(ImageBuffer image, Stream output)
    {
        int size = image.HasAlpha ? 4 : image.Bands;
        long stride = (((long)image.Width * size) + 3) / 4 * 4;
        int palette = size == 1 ? 1024 : 0, header = size == 4 ? 108 : 40;
        var head = new byte[14 + header + palette];
        "BM"u8.CopyTo(head);
        U32(head, 2, (uint)(head.Length + (stride * image.Height)));
        U32(head, 10, (uint)head.Length);
        U32(head, 14, (uint)header);
        U32(head, 18, (uint)image.Width);
        U32(head, 22, (uint)image.Height);
        BinaryPrimitives.WriteUInt16LittleEndian(head.AsSpan(26), 1);
        BinaryPrimitives.WriteUInt16LittleEndian(head.AsSpan(28), (ushort)(size * 8));
        U32(head, 34, (uint)(stride * image.Height));
        U32(head, 38, (uint)Math.Round(image.Metadata.PixelsPerMillimetreX * 1000));
        U32(head, 42, (uint)Math.Round(image.Metadata.PixelsPerMillimetreY * 1000));
        if (size == 4)
            Masks(head);
        for (int i = 0; i < palette; i++)
            head[14 + header + i] = (byte)(i % 4 == 3 ? 0 : i / 4);
        output.Write(head);
        var row = new byte[stride];
        for (int y = image.Height - 1; y >= 0; y--)
        {
            Row(image, y, size, row);
            output.Write(row);
        }
    }

    private static void Masks(byte[] head)
    {
        U32(head, 30, 3);
        uint[] masks = [0xFF0000, 0xFF00, 0xFF, 0xFF000000];
        for (int i = 0; i < 4; i++)
            U32(head, 54 + (4 * i), masks[i]);
        "BGRs"u8.CopyTo(head.AsSpan(70));
    }

    private static void Row(ImageBuffer image, int y, int size, byte[] row)
    {
        int bands = image.Bands, colours = image.ColourBands;
        for (int x = 0; x < image.Width; x++)
        {
            long at = (((long)y * image.Width) + x) * bands;
            for (int band = 0; band < Math.Min(size, 3); band++)
                row[(x * size) + band] = image.Data[at + (colours == 1 ? 0 : 2 - band)];
            if (size == 4)
                row[(x * size) + 3] = image.Data[at + colours];
        }
    }

    private static void U32(byte[] head, int at, uint value) => BinaryPrimitives.WriteUInt32LittleEndian(head.AsSpan(at), value);
}
