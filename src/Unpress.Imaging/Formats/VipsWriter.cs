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
        using var written = new MemoryStream();
        written.Write(encoded);
        Finish(written, metadata, format);
        return written.ToArray();
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
        using var written = new FileStream(file, FileMode.Open, FileAccess.ReadWrite);
        Finish(written, metadata, format);
    }

    /// <summary>libvips states a resolution of one pixel a millimetre where nobody stated one, and EXIF of TIFF is ours.</summary>
    private static void Finish(Stream written, ImageMetadata metadata, ImageFormat format)
    {
        bool made = ResolutionOf(metadata) is null;
        if (format == ImageFormat.Tiff)
        {
            if (made)
                TiffExif.RemoveResolution(written);
            if (metadata.Exif is not null || metadata.Iptc is not null)
            {
                byte[]? iptc = metadata.Iptc;
                TiffExif.Insert(written, metadata.Exif, iptc is null ? null : IptcBlock.Records(iptc), iptc is null ? null : IptcBlock.Resources(iptc));
            }
        }
        else
        {
            var bytes = new byte[written.Length];
            written.Position = 0;
            written.ReadExactly(bytes);
            if (made && metadata.Exif is not null)
                RemoveResolutionOfAvif(bytes);
            if (metadata is { Icc: null, Colour: { IsUsual: false } code })
                HeifBoxes.SetColour(bytes, code);
            written.Position = 0;
            written.Write(bytes);
        }
    }

    private static void RemoveResolutionOfAvif(Span<byte> avif)
    {
        int start = avif.LastIndexOf("Exif\0\0"u8);
        if (start < 0)
            return;
        var editor = new ExifEditor(avif[(start + 6)..]);
        editor.RemoveResolution();
        editor.Bytes.CopyTo(avif[(start + 6)..]);
    }

    /// <summary>In pixels per millimetre; null when neither the container nor the EXIF of the source stated one.</summary>
    private static (double X, double Y)? ResolutionOf(ImageMetadata metadata) =>
        metadata.PixelsPerMillimetreX > 0 && metadata.PixelsPerMillimetreY > 0
            ? (metadata.PixelsPerMillimetreX, metadata.PixelsPerMillimetreY)
            : metadata.Exif is { } exif ? new ExifEditor(exif).Resolution : null;

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
        using Image picture = Wrap(format == ImageFormat.Avif ? SampleDepth.TenBits(image) : image, metadata, format);
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
        (double X, double Y)? resolution = ResolutionOf(metadata);
        using Image described = pixels.Copy(
            interpretation: image.Model switch
            {
                ColourModel.Gray => deep ? Enums.Interpretation.Grey16 : Enums.Interpretation.Bw,
                ColourModel.Rgb => deep ? Enums.Interpretation.Rgb16 : Enums.Interpretation.Srgb,
                _ => Enums.Interpretation.Cmyk,
            },
            xres: resolution?.X,
            yres: resolution?.Y);
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
