using NetVips;
using Unpress.Imaging.Metadata;

namespace Unpress.Imaging.Formats;

/// <summary>TIFF, AVIF and bare WebP, encoded by libvips from the buffer's own memory.</summary>
internal static class VipsWriter
{
    /// <summary>0–6 for WebP, where it is called the method, 0–9 for AVIF: where more time hardly makes smaller files.</summary>
    public const int Effort = 4;

    public static byte[] Encode(ImageBuffer image, ImageMetadata metadata, ImageFormat format, SaveOptions options, string name)
    {
        byte[] encoded = Refusing(name, () =>
        {
            using Target target = Target.NewToMemory();
            Save(image, metadata, format, options, target);
            return target.Blob;
        });
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
        Refusing(name, () =>
        {
            using Target target = Target.NewToFile(file);
            Save(image, metadata, format, options, target);
            return target;
        });
        if (format != ImageFormat.Tiff || metadata.Exif is not { } exif)
            return;
        using var tiff = new FileStream(file, FileMode.Open, FileAccess.ReadWrite);
        TiffExif.Insert(tiff, exif);
    }

    /// <summary>The bare file. Lossless, it keeps the colours that lie hidden under full transparency.</summary>
    /// <param name="image">8-bit RGB, with or without alpha.</param>
    /// <exception cref="NativeImageException">libwebp refused.</exception>
    public static byte[] EncodeWebp(ImageBuffer image, int quality, bool lossless) => Encode(image, ImageFormat.Webp, (picture, target) =>
        // In lossless mode the quality is another measure of effort.
        picture.WebpsaveTarget(
            target, lossless ? 50 : quality, lossless: lossless, exact: lossless, effort: Effort, keep: Enums.ForeignKeep.None));

    /// <summary>The file without metadata.</summary>
    /// <exception cref="NativeImageException">libheif or libaom refused.</exception>
    public static byte[] EncodeAvif(ImageBuffer image, int quality, ChromaSubsampling subsampling) => Encode(image, ImageFormat.Avif, (picture, target) =>
        SaveAvif(picture, target, quality, lossless: false, bits: 8, subsampling, Enums.ForeignKeep.None));

    private static byte[] Encode(ImageBuffer image, ImageFormat format, Action<Image, Target> save)
    {
        VipsSession.Require();
        try
        {
            using var warnings = new VipsWarnings();
            using Image picture = Wrap(image, new ImageMetadata(), format);
            using Target target = Target.NewToMemory();
            save(picture, target);
            return target.Blob;
        }
        catch (VipsException refusal)
        {
            throw new NativeImageException(VipsSession.Reason(refusal) ?? refusal.Message);
        }
    }

    private static T Refusing<T>(string name, Func<T> write)
    {
        VipsSession.Require();
        try
        {
            using var warnings = new VipsWarnings();
            return write();
        }
        catch (VipsException refusal)
        {
            throw new InvalidFileException(name, $"cannot be written: {VipsSession.Reason(refusal) ?? refusal.Message}", refusal);
        }
    }

    private static void Save(ImageBuffer image, ImageMetadata metadata, ImageFormat format, SaveOptions options, Target target)
    {
        using Image picture = Wrap(format == ImageFormat.Avif ? TenBits(image) : image, metadata, format);
        if (format == ImageFormat.Tiff)
        {
            picture.TiffsaveTarget(
                target, Enums.ForeignTiffCompression.Deflate, predictor: Enums.ForeignTiffPredictor.Horizontal, resunit: Enums.ForeignTiffResunit.Inch);
            return;
        }
        // Where there is no EXIF, libvips would make one up that states a resolution.
        Enums.ForeignKeep keep = Enums.ForeignKeep.Icc | Enums.ForeignKeep.Xmp | (metadata.Exif is null ? Enums.ForeignKeep.None : Enums.ForeignKeep.Exif);
        SaveAvif(picture, target, options.Quality, options.Lossless, image.BitsPerSample == 16 ? 10 : 8, options.Subsampling, keep);
    }

    /// <summary>16 bits rounded to what 10 can say: libvips takes the upper bits, which would darken.</summary>
    private static ImageBuffer TenBits(ImageBuffer image)
    {
        if (image.BitsPerSample != 16)
            return image;
        var rounded = new ImageBuffer(image.Width, image.Height, image.Model, image.HasAlpha, 16);
        ReadOnlySpan<ushort> samples = image.Data16;
        Span<ushort> target = rounded.Data16;
        for (int i = 0; i < samples.Length; i++)
            target[i] = (ushort)(((samples[i] * 1023u) + 32767) / 65535 << 6);
        return rounded;
    }

    private static void SaveAvif(
        Image picture, Target target, int quality, bool lossless, int bits, ChromaSubsampling subsampling, Enums.ForeignKeep keep) =>
        picture.HeifsaveTarget(
            target, quality, bits, lossless, Enums.ForeignHeifCompression.Av1, Effort,
            subsampling == ChromaSubsampling.C444 ? Enums.ForeignSubsample.Off : Enums.ForeignSubsample.On, keep: keep);

    /// <summary>The pixels are borrowed; the header is ours, so metadata can be set on it.</summary>
    private static Image Wrap(ImageBuffer image, ImageMetadata metadata, ImageFormat format)
    {
        bool deep = image.BitsPerSample == 16;
        using Image pixels = Image.NewFromMemory(
            image.Data, image.Width, image.Height, image.Bands, deep ? Enums.BandFormat.Ushort : Enums.BandFormat.Uchar);
        bool resolution = metadata.PixelsPerMillimetreX > 0 && metadata.PixelsPerMillimetreY > 0;
        using Image described = pixels.Copy(
            interpretation: image.Model switch
            {
                ColourModel.Gray => deep ? Enums.Interpretation.Grey16 : Enums.Interpretation.Bw,
                ColourModel.Rgb => deep ? Enums.Interpretation.Rgb16 : Enums.Interpretation.Srgb,
                _ => Enums.Interpretation.Cmyk,
            },
            xres: resolution ? metadata.PixelsPerMillimetreX : null,
            yres: resolution ? metadata.PixelsPerMillimetreY : null);
        return described.Mutate(copy =>
        {
            Attach(copy, "icc-profile-data", metadata.Icc);
            if (format != ImageFormat.Tiff) // in which it becomes fields of the directory, by TiffExif
                Attach(copy, "exif-data", metadata.Exif);
            Attach(copy, "xmp-data", metadata.Xmp);
        });
    }

    private static void Attach(MutableImage image, string field, byte[]? bytes)
    {
        if (bytes is not null)
            image.Set(GValue.BlobType, field, bytes);
    }
}
