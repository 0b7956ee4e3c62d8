using System.Buffers.Binary;
using Unpress.Imaging.Jpeg;
using Unpress.Imaging.Metadata;

namespace Unpress.Imaging.Formats;

/// <summary>A baseline JPEG with its metadata segments, unchanged, between the JFIF header and the tables.</summary>
internal static class JpegWriter
{
    private const int MaxPayload = 65533;

    public static void Write(ImageBuffer image, ImageMetadata metadata, SaveOptions options, Stream output, string name)
    {
        Check(name, "EXIF", metadata.Exif, JpegReader.ExifPrefix);
        Check(name, "XMP", metadata.Xmp, JpegReader.XmpPrefix);
        byte[] bare = Compress(image, options, name);
        SetDensity(bare, metadata);
        // SOI and, for gray and YCbCr, JFIF stay first; CMYK starts with Adobe's marker, before which the metadata may go.
        int head = bare[3] == JpegSegment.App0 ? 4 + BinaryPrimitives.ReadUInt16BigEndian(bare.AsSpan(4)) : 2;
        output.Write(bare, 0, head);
        Segment(output, JpegSegment.App1, JpegReader.ExifPrefix, metadata.Exif);
        Segment(output, JpegSegment.App1, JpegReader.XmpPrefix, metadata.Xmp);
        Profile(output, metadata.Icc, name);
        Iptc(output, metadata.Iptc);
        foreach (byte[] comment in metadata.Comments)
            Segment(output, JpegSegment.Comment, default, comment);
        output.Write(bare, head, bare.Length - head);
    }

    private static byte[] Compress(ImageBuffer image, SaveOptions options, string name)
    {
        byte[] data = image.Data;
        if (image.Model == ColourModel.Cmyk)
        {
            data = (byte[])data.Clone();
            JpegReader.Invert(data);
        }
        try
        {
            return JpegEncoder.Encode(data, image.Width, image.Height, image.Bands, options.Quality, options.Subsampling);
        }
        catch (ArgumentException error)
        {
            throw new InvalidFileException(name, $"cannot be written: {error.Message}", error);
        }
    }

    private static void SetDensity(Span<byte> jpeg, ImageMetadata metadata)
    {
        double x = metadata.PixelsPerMillimetreX * 25.4, y = metadata.PixelsPerMillimetreY * 25.4;
        if (jpeg[3] != JpegSegment.App0 || x is < 1 or > 65535 || y is < 1 or > 65535)
            return;
        jpeg[13] = 1;
        BinaryPrimitives.WriteUInt16BigEndian(jpeg[14..], (ushort)Math.Round(x));
        BinaryPrimitives.WriteUInt16BigEndian(jpeg[16..], (ushort)Math.Round(y));
    }

    /// <summary>A profile goes into as many numbered segments as it needs.</summary>
    private static void Profile(Stream output, byte[]? icc, string name)
    {
        if (icc is null)
            return;
        int room = MaxPayload - JpegReader.IccPrefix.Length - 2;
        int count = (icc.Length + room - 1) / room;
        if (count > 255)
            throw new InvalidFileException(name, "the colour profile is too large for JPEG; save as PNG or TIFF");
        for (int i = 0; i < count; i++)
        {
            byte[] prefix = [.. JpegReader.IccPrefix, (byte)(i + 1), (byte)count];
            Segment(output, JpegSegment.App2, prefix, icc[(i * room)..Math.Min(icc.Length, (i + 1) * room)]);
        }
    }

    /// <summary>In as many segments as it needs, each with the prefix, as Photoshop does.</summary>
    private static void Iptc(Stream output, byte[]? iptc)
    {
        if (iptc is null)
            return;
        foreach (byte[] part in iptc.Skip(IptcBlock.Prefix.Length).Chunk(MaxPayload - IptcBlock.Prefix.Length))
            Segment(output, JpegSegment.App13, IptcBlock.Prefix, part);
    }

    private static void Check(string name, string what, byte[]? payload, ReadOnlySpan<byte> prefix)
    {
        if (payload is not null && payload.Length + prefix.Length > MaxPayload)
            throw new InvalidFileException(name, $"its {what} of {payload.Length} bytes does not fit into a JPEG; save as PNG or without metadata");
    }

    private static void Segment(Stream output, byte marker, ReadOnlySpan<byte> prefix, byte[]? payload)
    {
        if (payload is null)
            return;
        int length = 2 + prefix.Length + payload.Length;
        output.Write([0xFF, marker, (byte)(length >> 8), (byte)length]);
        output.Write(prefix);
        output.Write(payload);
    }
}
