using Unpress.Files;
using Unpress.Imaging;
using Unpress.Imaging.Formats;
using Unpress.Imaging.Metadata;

namespace Unpress.Provenance;

/// <summary>What a reader will find in a file that is about to be written.</summary>
internal static class Stored
{
    /// <summary>
    /// The pixels themselves for formats that keep them; for JPEG what its decoder will give, since it is the format that programs
    /// compress again; null for the other lossy ones.
    /// </summary>
    public static ImageBuffer? PixelsOf(ImageBuffer image, string output, SaveOptions options)
    {
        var format = options.Format ?? (output == InputFile.Standard ? ImageFormat.Png : ImageFormats.FromExtension(output));
        if (format == ImageFormat.Jpeg)
        {
            var plain = options with { Format = format, Metadata = MetadataPolicy.None };
            return ImageFile.Load(ImageFile.Encode(image, plain, output), output);
        }

        bool sameDepth = options.BitsPerSample is null || options.BitsPerSample == image.BitsPerSample;
        bool exact = format is ImageFormat.Png or ImageFormat.Tiff
            || (format == ImageFormat.Webp && options.Lossless && image.BitsPerSample == 8 && image.Model == ColourModel.Rgb);
        return exact && sameDepth ? image : null;
    }
}
