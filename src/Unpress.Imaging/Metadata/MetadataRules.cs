namespace Unpress.Imaging.Metadata;

/// <summary>What happens to metadata on the way in, when pixels are turned upright, and on the way out.</summary>
internal static class MetadataRules
{
    /// <summary>After the pixels have been turned: no orientation tag may turn them again.</summary>
    public static void MarkUpright(ImageMetadata metadata)
    {
        if (metadata.Exif is { } exif)
            metadata.Exif = new ExifEditor(exif) { Orientation = 1 }.Bytes;
        if (metadata.Xmp is { } xmp)
            metadata.Xmp = XmpEditor.Upright(xmp) ?? xmp;
    }

    /// <summary>The metadata to write with a picture of width × height.</summary>
    public static ImageMetadata ForSaving(ImageMetadata metadata, MetadataPolicy policy, int width, int height)
    {
        var result = new ImageMetadata
        {
            Icc = metadata.Icc,
            PixelsPerMillimetreX = metadata.PixelsPerMillimetreX,
            PixelsPerMillimetreY = metadata.PixelsPerMillimetreY,
            Colour = metadata.Colour,
            PngChunks = [.. metadata.PngChunks.Where(chunk =>
                chunk.IsColour || policy == MetadataPolicy.Keep || (policy == MetadataPolicy.NoGps && !chunk.MayHoldPlace))],
        };
        if (policy == MetadataPolicy.None)
            return result;
        result.Xmp = metadata.Xmp is { } packet ? XmpEditor.DropStale(packet, width, height) ?? packet : null;
        result.Iptc = metadata.Iptc;
        result.Comments = metadata.Comments;
        if (policy == MetadataPolicy.NoGps && result.Xmp is { } xmp)
            result.Xmp = XmpEditor.RemoveGps(xmp);
        if (metadata.Exif is { } exif)
            result.Exif = EditExif(exif, policy, width, height);
        return result;
    }

    /// <summary>The block without the "Exif\0\0" that some containers put before it.</summary>
    public static byte[] WithoutPrefix(ReadOnlySpan<byte> exif) => (exif.StartsWith("Exif\0\0"u8) ? exif[6..] : exif).ToArray();

    private static byte[] EditExif(byte[] exif, MetadataPolicy policy, int width, int height)
    {
        var editor = new ExifEditor(exif);
        editor.SetSize(width, height);
        editor.RemoveThumbnail();
        if (policy == MetadataPolicy.NoGps)
            editor.RemoveGps();
        return editor.Bytes;
    }
}

/// <summary>How much of what a picture carries is written to the result.</summary>
public enum MetadataPolicy
{
    /// <summary>Everything, byte for byte, but for sizes, orientation and the thumbnail, which would no longer be true.</summary>
    Keep,

    /// <summary>As <see cref="Keep"/>, without the place: the GPS directory of EXIF and the GPS properties of XMP.</summary>
    NoGps,

    /// <summary>No EXIF, XMP or IPTC. The colour profile stays: without it the same numbers are other colours.</summary>
    None,
}
