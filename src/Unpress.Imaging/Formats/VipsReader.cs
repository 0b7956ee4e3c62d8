using NetVips;
using Unpress.Imaging.Metadata;

namespace Unpress.Imaging.Formats;

/// <summary>Files that libvips opens: sizes are checked in the header, then the pixels go straight into the buffer, upright.</summary>
internal static class VipsReader
{
    /// <param name="name">What error messages call it.</param>
    /// <param name="asStored">Not turned upright, and without EXIF and XMP.</param>
    /// <param name="tolerant">Goes on after damage.</param>
    public static ImageBuffer Read(string path, string name, ImageFormat format, ImageLimits limits, bool asStored = false, bool tolerant = false) =>
        Read(() => Source.NewFromFile(path), name, format, limits, () => FileBytes.Open(path, file => FileFacts.Read(file, format, name)), asStored, tolerant);

    public static ImageBuffer Read(byte[] bytes, string name, ImageFormat format, ImageLimits limits, bool tolerant = false) =>
        Read(() => Source.NewFromMemory(bytes), name, format, limits, () =>
        {
            using var file = new MemoryStream(bytes, writable: false);
            return FileFacts.Read(file, format, name);
        }, tolerant: tolerant);

    /// <summary>The pixels of a JPEG whose header has been read: interleaved, upright; CMYK with 0 for no ink.</summary>
    /// <returns>Whether the decoder complained. It goes on after nearly everything.</returns>
    /// <exception cref="InvalidFileException">It cannot be decoded.</exception>
    public static bool ReadJpeg(byte[] file, string name, ImageBuffer target, int orientation, bool tolerant = false)
    {
        VipsSession.Require();
        using var warnings = new VipsWarnings();
        try
        {
            using Source source = Source.NewFromMemory(file);
            using Image opened = Open(source, ImageFormat.Jpeg, tolerant);
            bool turned = orientation >= 5;
            if ((opened.Width, opened.Height) != (turned ? (target.Height, target.Width) : (target.Width, target.Height)) || opened.Bands != target.Bands)
                throw new InvalidFileException(name, "damaged: its header is read in two ways", fault: FailureCode.Damaged);
            VipsPixels.Read(opened, target.Data, orientation);
        }
        catch (VipsException refusal)
        {
            throw Refused(name, ImageFormat.Jpeg, refusal, warnings);
        }
        // Said when the picture is closed. What the warnings were about is not to be had: that text is one for all threads.
        return warnings.Lines.Any(line => line.StartsWith("read gave ", StringComparison.Ordinal));
    }

    private static ImageBuffer Read(Func<Source> open, string name, ImageFormat format, ImageLimits limits, Func<FileFacts> readFacts,
        bool asStored = false, bool tolerant = false)
    {
        VipsSession.Require();
        using var warnings = new VipsWarnings();
        FileFacts facts = readFacts();
        try
        {
            using Source source = open();
            using Image opened = Open(source, format, tolerant);
            limits.Check(name, opened.Width, opened.Height);
            using Image usable = Normalise(opened, name);
            return Decode(usable, name, format, facts, limits, asStored);
        }
        catch (VipsException refusal)
        {
            throw Refused(name, format, refusal, warnings);
        }
    }

    /// <summary>What decoders say of files that they understand and cannot read.</summary>
    private static readonly string[] Unknown =
        ["unsupported", "not supported", "bad labq format", "not a whole number of bytes", "sampling factors too large"];

    /// <summary>What libvips says when its reader has given up without a word.</summary>
    private const string NoReason = "unable to open source for input";

    /// <summary>What a decoder does not know is no damage, and the line must not say so.</summary>
    private static InvalidFileException Refused(string name, ImageFormat format, VipsException refusal, VipsWarnings warnings)
    {
        // libvips's error text is one for all threads. Of PNG files, libpng has said the same and more on this one.
        string? reason = format == ImageFormat.Png
            && warnings.Lines.LastOrDefault(line => !line.StartsWith("error in tile", StringComparison.Ordinal)) is { } said
            ? said
            : VipsSession.Reason(refusal);
        if (reason == NoReason)
            reason = null;
        bool unknown = reason is not null && Unknown.Any(words => reason.Contains(words, StringComparison.OrdinalIgnoreCase));
        string kind = unknown ? "of a kind that is not supported" : "damaged, cut off or of an unknown kind";
        return new(name, $"cannot be read as {ImageFormats.Label(format)}; {kind}{(reason is null ? "" : $" ({reason})")}", refusal,
            unknown ? FailureCode.Unsupported : FailureCode.Damaged);
    }

    /// <summary>Sequential: pixels are decoded while they are read, never into a copy of libvips's own.</summary>
    /// <param name="tolerant">Goes on after damage, with whatever the decoder has.</param>
    private static Image Open(Source source, ImageFormat format, bool tolerant)
    {
        const Enums.Access access = Enums.Access.Sequential;
        Enums.FailOn failOn = tolerant ? Enums.FailOn.None : Enums.FailOn.Error;
        return format switch
        {
            ImageFormat.Jpeg => Image.JpegloadSource(source, access: access, failOn: failOn),
            ImageFormat.Png => Image.PngloadSource(source, access: access, failOn: failOn),
            ImageFormat.Webp => Image.WebploadSource(source, access: access, failOn: failOn),
            ImageFormat.Tiff => Image.TiffloadSource(source, access: access, failOn: failOn),
            ImageFormat.Avif => Image.HeifloadSource(source, access: access, failOn: failOn),
            _ => throw new ArgumentOutOfRangeException(nameof(format), format, "not a format of libvips"),
        };
    }

    /// <summary>To one of the layouts of <see cref="ImageBuffer"/>: 8 or 16 bits; gray, RGB or CMYK; alpha last.</summary>
    private static Image Normalise(Image image, string name)
    {
        bool known = image.Coding == Enums.Coding.None && image.Interpretation is Enums.Interpretation.Bw or Enums.Interpretation.Grey16
            or Enums.Interpretation.Srgb or Enums.Interpretation.Rgb or Enums.Interpretation.Rgb16 or Enums.Interpretation.Cmyk
            or Enums.Interpretation.Multiband;
        bool lab = image.Coding == Enums.Coding.Labq || image.Interpretation is Enums.Interpretation.Lab or Enums.Interpretation.Labs;
        Image result = known || !lab ? image.Copy() : image.Colourspace(Enums.Interpretation.Rgb16);
        if (result.Format is Enums.BandFormat.Uchar or Enums.BandFormat.Ushort)
            return result;
        string format = result.Format.ToString().ToLowerInvariant();
        result.Dispose();
        throw new InvalidFileException(
            name, $"stores samples as {format}, which is not supported; convert it to 8 or 16 bits first", fault: FailureCode.Unsupported);
    }

    private static ImageBuffer Decode(Image image, string name, ImageFormat format, FileFacts facts, ImageLimits limits, bool asStored)
    {
        bool cmyk = image.Interpretation == Enums.Interpretation.Cmyk && image.Bands >= 4;
        int colours = cmyk ? 4 : image.Bands >= 3 ? 3 : 1;
        if (image.Bands - colours > 1)
            throw new InvalidFileException(
                name, $"has {image.Bands} bands; gray, RGB and CMYK with or without alpha are understood", fault: FailureCode.Unsupported);
        int sampleBytes = VipsPixels.SampleBytes(image);
        // Of an animation the decoder holds its canvas, the frame and the one before it in RGBA, though one is wanted.
        bool animation = format == ImageFormat.Webp && Integer(image, "n-pages", 1) > 1;
        limits.CheckMemory(name, image.Width, image.Height, image.Bands * sampleBytes, animation ? 12 : 0);
        int orientation = !asStored && Integer(image, "orientation", 1) is var stored and >= 1 and <= 8 ? stored : 1;
        bool turned = orientation >= 5;
        var result = new ImageBuffer(
            turned ? image.Height : image.Width, turned ? image.Width : image.Height,
            cmyk ? ColourModel.Cmyk : colours == 3 ? ColourModel.Rgb : ColourModel.Gray, image.Bands > colours, sampleBytes * 8)
        {
            Metadata = ReadMetadata(image, format, facts),
        };
        VipsPixels.Read(image, result.Data, orientation);
        if (format == ImageFormat.Avif && sampleBytes == 2)
            SampleDepth.Stretch(result.Data16, result.Metadata.StoredBits = Integer(image, "bits-per-sample", 16));
        if (asStored)
            (result.Metadata.Exif, result.Metadata.Xmp) = (null, null);
        // HEIF turns its pixels by a property of its own and leaves the EXIF tag, which would turn them again.
        if (orientation != 1 || (result.Metadata.Exif is { } tags && new ExifEditor(tags).Orientation != 1))
            MetadataRules.MarkUpright(result.Metadata);
        return result;
    }

    private static ImageMetadata ReadMetadata(Image image, ImageFormat format, FileFacts facts)
    {
        byte[]? exif = format == ImageFormat.Tiff ? facts.TiffExif : Blob(image, "exif-data") is { } block ? MetadataRules.WithoutPrefix(block) : null;
        (double x, double y) = Resolution(image, format, exif);
        int pages = Integer(image, "n-pages", 1);
        byte[]? profile = Blob(image, "icc-profile-data")
            ?? (facts.PngProfile is { } packed ? Png.PngProfile.Unpack(packed, image.Bands >= 3 ? 3 : 1) : null);
        IReadOnlyList<string> left = facts.PngProfile is not null && profile is null ? [.. facts.LeftOut, Png.PngProfile.Refused] : facts.LeftOut;
        string word = format switch { ImageFormat.Tiff => "pages", ImageFormat.Webp => "frames", _ => "pictures" };
        return new ImageMetadata
        {
            SourceFormat = ImageFormats.Name(format),
            Icc = profile,
            Exif = exif,
            Xmp = Blob(image, "xmp-data"),
            Iptc = facts.Iptc,
            WasPalette = image.Contains("palette") || image.Contains("palette-bit-depth"),
            Pages = pages,
            LeftOut = pages > 1 ? [FileFacts.Several(pages, word), .. left] : left,
            Colour = facts.Colour,
            PngChunks = facts.PngChunks,
            PixelsPerMillimetreX = x,
            PixelsPerMillimetreY = y,
        };
    }

    /// <summary>In pixels per millimetre; zeros when the file states none.</summary>
    private static (double X, double Y) Resolution(Image image, ImageFormat format, byte[]? exif)
    {
        // Their containers have no place for it.
        if (format is ImageFormat.Webp or ImageFormat.Avif)
            return exif is null ? default : new ExifEditor(exif).Resolution ?? default;
        // One pixel a millimetre, or of PNG 2,834 a metre, is what libvips says of files that say nothing.
        double made = format == ImageFormat.Png ? 2.834 : 1;
        return image.Xres == made && image.Yres == made && !image.Contains("resolution-unit") ? default : (image.Xres, image.Yres);
    }

    private static int Integer(Image image, string field, int otherwise) => image.Contains(field) && image.Get(field) is int value ? value : otherwise;

    private static byte[]? Blob(Image image, string field) => image.Contains(field) && image.Get(field) is byte[] { Length: > 0 } bytes ? bytes : null;
}
