using System.Buffers.Binary;
using Unpress.Imaging.Jpeg;
using Unpress.Imaging.Metadata;

namespace Unpress.Imaging.Formats;

/// <summary>
/// A JPEG file to upright pixels and metadata. libvips decodes with libjpeg's defaults, as <see cref="Codecs.JpegCodec"/> does, and takes CMYK for
/// inverted whether an Adobe marker says so or not, as all programs do.
/// </summary>
internal static class JpegReader
{
    internal static ReadOnlySpan<byte> ExifPrefix => "Exif\0\0"u8;

    internal static ReadOnlySpan<byte> XmpPrefix => "http://ns.adobe.com/xap/1.0/\0"u8;

    internal static ReadOnlySpan<byte> IccPrefix => "ICC_PROFILE\0"u8;


    /// <summary>More are no comments of people.</summary>
    private const int MostComments = 16;

    /// <param name="tolerant">Damaged data are passed over as libjpeg does: what is missing is gray.</param>
    public static ImageBuffer Read(byte[] file, string name, ImageLimits limits, bool tolerant = false)
    {
        JpegAnatomy anatomy = JpegAnatomy.Read(file, name, limits);
        List<JpegSegment> segments = JpegSegment.ReadAll(file);
        if (anatomy.Precision != 8)
            throw new InvalidFileException(name, $"a JPEG with {anatomy.Precision} bits a sample, which is not supported", fault: FailureCode.Unsupported);
        ColourModel model = anatomy.Components.Count switch
        {
            1 => ColourModel.Gray,
            3 => ColourModel.Rgb,
            4 => ColourModel.Cmyk,
            _ => throw new InvalidFileException(name, $"a JPEG with {anatomy.Components.Count} colour planes"),
        };
        limits.CheckMemory(name, anatomy.Width, anatomy.Height, anatomy.Components.Count);
        ImageMetadata metadata = ReadMetadata(file, segments, anatomy);
        int orientation = metadata.Exif is { } exif ? new ExifEditor(exif).Orientation : 1;
        metadata.StoredOrientation = orientation;
        bool turned = orientation >= 5;
        var image = new ImageBuffer(
            turned ? anatomy.Height : anatomy.Width, turned ? anatomy.Width : anatomy.Height, model)
        { Metadata = metadata };
        if (!tolerant)
            metadata.LeftOut = [.. metadata.LeftOut, .. JpegExtras.Find(file, segments, anatomy, metadata.Xmp, CheckEnd(file, segments, name))];
        // Some complaints are about harmless oddities, others about lost pixels: reading the coefficients tolerates no damage.
        if (VipsReader.ReadJpeg(file, name, image, orientation, tolerant) && !tolerant)
            JpegCoefficients.Read(file, name, limits);
        if (orientation != 1)
            MetadataRules.MarkUpright(metadata);
        return image;
    }

    /// <summary>Adobe writes 255 for no ink; buffers hold 0.</summary>
    internal static void Invert(Span<byte> samples)
    {
        foreach (ref byte sample in samples)
            sample = (byte)~sample;
    }

    /// <summary>libvips reads no further than to the last pixel; half a picture is no picture here, so what follows must make sense.</summary>
    /// <returns>Where the picture ends.</returns>
    private static int CheckEnd(ReadOnlySpan<byte> file, List<JpegSegment> segments, string name)
    {
        foreach (JpegSegment segment in segments.SkipWhile(segment => segment.Marker != JpegSegment.StartOfScan))
        {
            // Tables, another scan, a height, a comment, what belongs to applications.
            if (segment.Marker is not (0xC4 or 0xCC or (>= 0xDA and <= 0xDD) or (>= 0xE0 and <= 0xEF) or 0xFE))
                throw new InvalidFileException(name, $"damaged or cut off (marker 0x{segment.Marker:x2} behind the first scan)", fault: FailureCode.Damaged);
        }
        // Past the last scan's data, in which 0xFF is followed by 0 or a restart.
        ReadOnlySpan<byte> rest = file[(segments[^1].Start + segments[^1].Length)..];
        int found;
        while ((found = rest.IndexOf((byte)0xFF)) >= 0 && found + 1 < rest.Length && rest[found + 1] is 0 or 1 or 0xFF or (>= 0xD0 and <= 0xD7))
            rest = rest[(found + 1)..];
        if (found < 0 || found + 1 >= rest.Length || rest[found + 1] != JpegSegment.EndOfImage)
            throw new InvalidFileException(name, "damaged or cut off (it has no end)", fault: FailureCode.Damaged);
        return file.Length - rest.Length + found + 2;
    }

    private static ImageMetadata ReadMetadata(byte[] file, List<JpegSegment> segments, JpegAnatomy anatomy)
    {
        var metadata = new ImageMetadata { SourceFormat = "jpeg", Jpeg = anatomy, JpegFile = file };
        var profile = new SortedList<int, byte[]>();
        int profileParts = 0;
        var comments = new List<byte[]>();
        foreach (JpegSegment segment in segments)
        {
            ReadOnlySpan<byte> payload = segment.Payload(file);
            if (segment.Marker == JpegSegment.App1 && payload.StartsWith(ExifPrefix))
                metadata.Exif ??= payload[ExifPrefix.Length..].ToArray();
            else if (segment.Marker == JpegSegment.App1 && payload.StartsWith(XmpPrefix))
                metadata.Xmp ??= payload[XmpPrefix.Length..].ToArray();
            else if (segment.Marker == JpegSegment.App2 && payload.StartsWith(IccPrefix) && payload.Length > IccPrefix.Length + 2)
            {
                profile.TryAdd(payload[IccPrefix.Length], payload[(IccPrefix.Length + 2)..].ToArray());
                profileParts = Math.Max(profileParts, payload[IccPrefix.Length + 1]);
            }
            else if (segment.Marker == JpegSegment.App13 && payload.StartsWith(IptcBlock.Prefix))
                metadata.Iptc = metadata.Iptc is { } first ? [.. first, .. payload[IptcBlock.Prefix.Length..]] : payload.ToArray();
            else if (segment.Marker == JpegSegment.Comment && payload.Length > 0 && comments.Count < MostComments)
                comments.Add(payload.ToArray());
            else if (segment.Marker == JpegSegment.App0 && payload.StartsWith("JFIF\0"u8) && payload.Length >= 12)
                ReadDensity(payload, metadata);
        }
        if (profile.Count > 0 && profile.Count < profileParts)
        {
            string missing = $"{profileParts - profile.Count} of its {profileParts} parts are missing";
            metadata.LeftOut = [$"the colour profile is left out, since {missing}: the colours may look different"];
        }
        else if (profile.Count > 0)
            metadata.Icc = [.. profile.Values.SelectMany(part => part)];
        metadata.Comments = comments;
        return metadata;
    }

    private static void ReadDensity(ReadOnlySpan<byte> jfif, ImageMetadata metadata)
    {
        double perUnit = jfif[7] switch { 1 => 25.4, 2 => 10, _ => 0 };
        if (perUnit == 0)
            return;
        metadata.PixelsPerMillimetreX = BinaryPrimitives.ReadUInt16BigEndian(jfif[8..]) / perUnit;
        metadata.PixelsPerMillimetreY = BinaryPrimitives.ReadUInt16BigEndian(jfif[10..]) / perUnit;
    }
}
