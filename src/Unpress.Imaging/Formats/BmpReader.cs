using System.Buffers.Binary;
using System.Numerics;

namespace Unpress.Imaging.Formats;

/// <summary>Uncompressed Windows bitmaps: 1, 4, 8 bits with a palette; 16, 24, 32 bits, with masks if the file gives them.</summary>
internal static class BmpReader
{
    private const int Uncompressed = 0;
    private const int BitFields = 3;

    public static ImageBuffer Read(ReadOnlySpan<byte> file, string name, ImageLimits limits)
    {
        if (file.Length < 54 || U32(file, 14) < 40 || U32(file, 14) > 124)
            throw new InvalidFileException(name, "a bitmap with a header of an unknown kind", fault: FailureCode.Unsupported);
        int headerSize = (int)U32(file, 14), bits = U16(file, 28), compression = (int)U32(file, 30);
        long width = (int)U32(file, 18), signedHeight = (int)U32(file, 22), height = Math.Abs(signedHeight);
        limits.Check(name, width, height);
        if (compression is not (Uncompressed or BitFields) || bits is not (1 or 4 or 8 or 16 or 24 or 32))
            throw new InvalidFileException(name, $"a bitmap with {bits} bits and compression {compression}; save it uncompressed or as PNG",
                fault: FailureCode.Unsupported);
        long pixels = U32(file, 10), stride = ((width * bits) + 31) / 32 * 4;
        if (pixels + (stride * height) > file.Length)
            throw new InvalidFileException(name, "cut off: the bitmap is shorter than its header says", fault: FailureCode.Damaged);
        var rows = new Rows((int)pixels, (int)stride, signedHeight < 0);
        ImageBuffer image = bits <= 8
            ? Indexed(file, name, rows, (int)width, (int)height, bits, 14 + headerSize)
            : Direct(file, name, rows, (int)width, (int)height, bits, Masks(file, name, headerSize, bits, compression));
        image.Metadata.PixelsPerMillimetreX = Math.Max(0, (int)U32(file, 38)) / 1000.0;
        image.Metadata.PixelsPerMillimetreY = Math.Max(0, (int)U32(file, 42)) / 1000.0;
        return image;
    }

    private static ImageBuffer Indexed(ReadOnlySpan<byte> file, string name, Rows rows, int width, int height, int bits, int palette)
    {
        int colours = (int)Math.Min(U32(file, 46) is 0 ? 256 : U32(file, 46), 1u << bits);
        if (palette + (colours * 4) > rows.Start)
            throw new InvalidFileException(name, "the bitmap's palette is damaged", fault: FailureCode.Damaged);
        ReadOnlySpan<byte> table = file.Slice(palette, colours * 4);
        bool gray = IsGray(table);
        var image = Make(width, height, gray ? ColourModel.Gray : ColourModel.Rgb, alpha: false);
        image.Metadata.WasPalette = !gray;
        int at = 0;
        for (int y = 0; y < height; y++)
        {
            ReadOnlySpan<byte> row = file[rows.At(y, height)..];
            for (int x = 0; x < width; x++)
            {
                int index = (row[x * bits / 8] >> (8 - bits - (x * bits % 8))) & ((1 << bits) - 1);
                if (index >= colours)
                    throw new InvalidFileException(name, "a pixel of the bitmap lies outside its palette", fault: FailureCode.Damaged);
                for (int band = gray ? 0 : 2; band >= 0; band--)
                    image.Data[at++] = table[(index * 4) + band];
            }
        }
        return image;
    }

    private static ImageBuffer Direct(
        ReadOnlySpan<byte> file, string name, Rows rows, int width, int height, int bits, uint[] masks)
    {
        if (masks.Any(mask => BitOperations.PopCount(mask) > 8 && bits != 32))
            throw new InvalidFileException(name, "the bitmap's colour masks are damaged", fault: FailureCode.Damaged);
        bool alpha = masks[3] != 0;
        var image = Make(width, height, ColourModel.Rgb, alpha);
        int at = 0, size = bits / 8;
        for (int y = 0; y < height; y++)
        {
            ReadOnlySpan<byte> row = file.Slice(rows.At(y, height), rows.Stride);
            for (int x = 0; x < width; x++)
            {
                uint value = row[x * size] | ((uint)row[(x * size) + 1] << 8);
                if (size > 2)
                    value |= (uint)row[(x * size) + 2] << 16;
                if (size > 3)
                    value |= (uint)row[(x * size) + 3] << 24;
                for (int band = 0; band < image.Bands; band++)
                    image.Data[at++] = Field(value, masks[band]);
            }
        }
        return image;
    }

    private static ImageBuffer Make(int width, int height, ColourModel model, bool alpha) =>
        new(width, height, model, alpha) { Metadata = new ImageMetadata { SourceFormat = "bmp" } };

    /// <summary>Masks of R, G, B, A; alpha 0 when the file does not name one.</summary>
    private static uint[] Masks(ReadOnlySpan<byte> file, string name, int headerSize, int bits, int compression)
    {
        if (compression == Uncompressed)
            return bits == 16 ? [0x7C00, 0x3E0, 0x1F, 0] : [0xFF0000, 0xFF00, 0xFF, 0];
        if (file.Length < 70)
            throw new InvalidFileException(name, "the bitmap's header is cut off", fault: FailureCode.Damaged);
        // Behind a 40-byte header only three masks follow; longer headers contain all four.
        return [U32(file, 54), U32(file, 58), U32(file, 62), headerSize >= 56 ? U32(file, 66) : 0];
    }

    /// <summary>The bits under a mask, stretched to 0–255 with rounding.</summary>
    private static byte Field(uint value, uint mask)
    {
        if (mask == 0)
            return 0;
        int shift = BitOperations.TrailingZeroCount(mask);
        ulong max = mask >> shift;
        return (byte)((((value & mask) >> shift) * 255UL + (max / 2)) / max);
    }

    private static bool IsGray(ReadOnlySpan<byte> table)
    {
        for (int i = 0; i < table.Length; i += 4)
        {
            if (table[i] != table[i + 1] || table[i] != table[i + 2])
                return false;
        }
        return true;
    }

    private static int U16(ReadOnlySpan<byte> file, int at) => BinaryPrimitives.ReadUInt16LittleEndian(file[at..]);

    private static uint U32(ReadOnlySpan<byte> file, int at) => BinaryPrimitives.ReadUInt32LittleEndian(file[at..]);

    /// <summary>Where the rows lie: bottom to top unless the height was negative.</summary>
    private readonly record struct Rows(int Start, int Stride, bool TopDown)
    {
        public int At(int y, int height) => Start + ((TopDown ? y : height - 1 - y) * Stride);
    }
}

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
