using Unpress.Imaging.Metadata;

namespace Unpress.Imaging.Formats;

/// <summary>Formats that libvips writes, from the buffer's own memory.</summary>
internal static unsafe class VipsWriter
{
    /// <summary>0–6 (libwebp's scale, HEIF's as well): where more time hardly makes smaller files.</summary>
    private const int Effort = 4;

    public static byte[] Encode(ImageBuffer image, ImageMetadata metadata, ImageFormat format, SaveOptions options, string name)
    {
        byte* bytes;
        long length;
        Run(image, metadata, format, options, null, name, &bytes, &length);
        byte[] encoded = Native.Take(bytes, length);
        if (format != ImageFormat.Tiff || metadata.Exif is not { } exif)
            return encoded;
        using var tiff = new MemoryStream();
        tiff.Write(encoded);
        TiffExif.Insert(tiff, exif);
        return tiff.ToArray();
    }

    /// <param name="file">Where to write, a temporary name.</param>
    /// <param name="name">The name that error messages give.</param>
    public static void Write(ImageBuffer image, ImageMetadata metadata, ImageFormat format, SaveOptions options, string file, string name)
    {
        Run(image, metadata, format, options, file, name, null, null);
        if (format != ImageFormat.Tiff || metadata.Exif is not { } exif)
            return;
        using var tiff = new FileStream(file, FileMode.Open, FileAccess.ReadWrite);
        TiffExif.Insert(tiff, exif);
    }

    public static ImageEncoding Encoding(int format, ImageBuffer image, SaveOptions options) => new()
    {
        Format = format,
        Quality = options.Quality,
        Subsampling = (int)options.Subsampling,
        Lossless = options.Lossless ? 1 : 0,
        Bits = image.BitsPerSample == 16 ? 10 : 8,
        Effort = Effort,
    };

    private static void Run(
        ImageBuffer image, ImageMetadata metadata, ImageFormat format, SaveOptions options, string? file, string name, byte** bytes, long* length)
    {
        fixed (byte* pixels = image.Data, icc = metadata.Icc, exif = metadata.Exif, xmp = metadata.Xmp)
        {
            var picture = ImagePicture.Of(image, pixels) with
            {
                XRes = metadata.PixelsPerMillimetreX,
                YRes = metadata.PixelsPerMillimetreY,
                Icc = icc,
                IccLength = metadata.Icc?.Length ?? 0,
                Exif = exif,
                ExifLength = metadata.Exif?.Length ?? 0,
                Xmp = xmp,
                XmpLength = metadata.Xmp?.Length ?? 0,
            };
            ImageEncoding how = Encoding(VipsFormat.ForWriting(format), image, options);
            if (Native.image_encode(&picture, &how, file, bytes, length) != 0)
                throw new InvalidFileException(name, $"cannot be written: {Native.LastError()}");
        }
    }
}
