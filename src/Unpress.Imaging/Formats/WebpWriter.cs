using System.Buffers.Binary;
using Unpress.Imaging.Colour;

namespace Unpress.Imaging.Formats;

/// <summary>libwebp's picture, wrapped in the extended container when there is metadata to carry.</summary>
internal static class WebpWriter
{
    private const byte IccFlag = 0x20;
    private const byte AlphaFlag = 0x10;
    private const byte ExifFlag = 0x08;
    private const byte XmpFlag = 0x04;

    public static void Write(ImageBuffer image, ImageMetadata metadata, SaveOptions options, Stream output, string name)
    {
        byte[] bare = Compress(PixelConversion.ToRgb(image), options, name);
        if (metadata.Icc is null && metadata.Exif is null && metadata.Xmp is null)
        {
            output.Write(bare);
            return;
        }
        using var body = new MemoryStream();
        body.Write("WEBP"u8);
        Chunk(body, "VP8X"u8, Header(image, metadata));
        Chunk(body, "ICCP"u8, metadata.Icc);
        body.Write(PictureChunks(bare));
        Chunk(body, "EXIF"u8, metadata.Exif);
        Chunk(body, "XMP "u8, metadata.Xmp);
        Chunk(output, "RIFF"u8, body.ToArray());
    }

    /// <summary>All chunks of libwebp's file but its own VP8X header.</summary>
    private static ReadOnlySpan<byte> PictureChunks(ReadOnlySpan<byte> bare) =>
        bare[12..].StartsWith("VP8X"u8) ? bare[30..] : bare[12..];

    private static byte[] Header(ImageBuffer image, ImageMetadata metadata)
    {
        var header = new byte[10];
        header[0] = (byte)((metadata.Icc is null ? 0 : IccFlag) | (metadata.Exif is null ? 0 : ExifFlag)
            | (metadata.Xmp is null ? 0 : XmpFlag) | (image.HasAlpha ? AlphaFlag : 0));
        // Sizes are stored less one, in three bytes each.
        BinaryPrimitives.WriteUInt32LittleEndian(header.AsSpan(4), (uint)(image.Width - 1));
        BinaryPrimitives.WriteUInt16LittleEndian(header.AsSpan(7), (ushort)(image.Height - 1));
        return header;
    }

    private static void Chunk(Stream output, ReadOnlySpan<byte> type, byte[]? payload)
    {
        if (payload is null)
            return;
        Span<byte> length = stackalloc byte[4];
        BinaryPrimitives.WriteInt32LittleEndian(length, payload.Length);
        output.Write(type);
        output.Write(length);
        output.Write(payload);
        if (payload.Length % 2 == 1)
            output.WriteByte(0);
    }

    private static byte[] Compress(ImageBuffer image, SaveOptions options, string name)
    {
        try
        {
            return VipsWriter.EncodeWebp(image, options.Quality, options.Lossless);
        }
        catch (NativeImageException refusal)
        {
            throw new InvalidFileException(name, $"cannot be written: {refusal.Message}", refusal);
        }
    }
}
