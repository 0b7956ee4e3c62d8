using Unpress.Imaging.Formats;

namespace Unpress.Imaging.Codecs;

/// <summary>Lossy pictures in memory through the native picture library, without metadata: all bytes are the picture's.</summary>
internal static unsafe class VipsEncoder
{
    /// <param name="effort">0 (fast) to 9 (AVIF) or 6 (WebP).</param>
    /// <exception cref="NativeImageException">The encoder refused.</exception>
    public static Encoded Encode(ImageBuffer image, ImageFormat format, CodecSettings settings, int effort)
    {
        byte* bytes;
        long length;
        var how = new ImageEncoding
        {
            Format = VipsFormat.ForWriting(format),
            Quality = settings.Quality,
            Subsampling = (int)settings.Subsampling,
            Bits = 8,
            Effort = effort,
        };
        fixed (byte* pixels = image.Data)
        {
            var picture = ImagePicture.Of(image, pixels);
            Native.Check(format == ImageFormat.Webp
                ? Native.image_webp_encode(&picture, &how, &bytes, &length)
                : Native.image_encode(&picture, &how, null, &bytes, &length));
        }

        return new Encoded(Native.Take(bytes, length), image.Width, image.Height);
    }

    /// <exception cref="InvalidDataException">Another format, damaged, or over the default limits.</exception>
    public static ImageBuffer Decode(ReadOnlySpan<byte> bytes, ImageFormat format)
    {
        try
        {
            return VipsReader.Read(bytes, ImageFormats.Name(format), format, ImageLimits.Default);
        }
        catch (InvalidFileException error)
        {
            throw new InvalidDataException(error.Message, error);
        }
    }

    /// <summary>Gray as RGB with three equal bands, for formats that have no gray.</summary>
    public static ImageBuffer WithThreeBands(ImageBuffer image)
    {
        if (image.Model == ColourModel.Rgb)
            return image;
        var result = new ImageBuffer(image.Width, image.Height, ColourModel.Rgb);
        for (int i = 0; i < image.Data.Length; i++)
            result.Data.AsSpan(3 * i, 3).Fill(image.Data[i]);
        return result;
    }
}
