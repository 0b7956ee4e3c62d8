using System.Buffers.Binary;
using System.IO.Compression;

namespace Unpress.Imaging.Codecs.Hevc;

/// <summary>Writes 8-bit gray or RGB as PNG without row filters: the one lossless format that bpgenc reads.</summary>
internal static class PlainPng
{
    public static void Write(ImageBuffer image, string path)
    {
        using var file = File.Create(path);
        file.Write([0x89, .. "PNG\r\n"u8, 0x1a, (byte)'\n']);
        byte[] header = new byte[13];
        BinaryPrimitives.WriteInt32BigEndian(header, image.Width);
        BinaryPrimitives.WriteInt32BigEndian(header.AsSpan(4), image.Height);
        header[8] = 8;
        header[9] = (byte)(image.Bands == 1 ? 0 : 2); // colour type: gray or RGB
        WriteChunk(file, "IHDR"u8, header);
        WriteChunk(file, "IDAT"u8, Deflate(image));
        WriteChunk(file, "IEND"u8, []);
    }

    private static byte[] Deflate(ImageBuffer image)
    {
        using var bytes = new MemoryStream();
        using (var zlib = new ZLibStream(bytes, CompressionLevel.Fastest))
        {
            int stride = image.Width * image.Bands;
            for (int y = 0; y < image.Height; y++)
            {
                zlib.WriteByte(0); // filter: none
                zlib.Write(image.Data, y * stride, stride);
            }
        }

        return bytes.ToArray();
    }

    private static void WriteChunk(Stream file, ReadOnlySpan<byte> type, ReadOnlySpan<byte> data)
    {
        Span<byte> number = stackalloc byte[4];
        BinaryPrimitives.WriteInt32BigEndian(number, data.Length);
        file.Write(number);
        file.Write(type);
        file.Write(data);
        BinaryPrimitives.WriteUInt32BigEndian(number, ~Checksum(Checksum(uint.MaxValue, type), data));
        file.Write(number);
    }

    // CRC-32 of ISO 3309, bit by bit: the file lives for one call of bpgenc.
    private static uint Checksum(uint value, ReadOnlySpan<byte> data)
    {
        foreach (byte part in data)
        {
            value ^= part;
            for (int bit = 0; bit < 8; bit++)
                value = (value >> 1) ^ ((value & 1) * 0xedb88320u);
        }

        return value;
    }
}
