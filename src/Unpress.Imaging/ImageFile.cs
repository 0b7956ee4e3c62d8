using Unpress.Imaging.Formats;
using Unpress.Imaging.Formats.Png;
using Unpress.Imaging.Metadata;

namespace Unpress.Imaging;

/// <summary>
/// Pictures from files and back. The format is found in the first bytes, never in the name; sizes are checked in the header before
/// pixels are allocated; pixels come out upright with the orientation tag set to 1; a file is written whole or not at all.
/// </summary>
public static class ImageFile
{
    private const string KnownFormats = "JPEG, PNG, WebP, TIFF, HEIC, AVIF, PPM/PGM, BMP and JPEG 2000";

    /// <exception cref="InvalidFileException">Missing, unreadable, not a picture, damaged, cut off, or over the limits.</exception>
    public static ImageBuffer Load(string path, ImageLimits? limits = null)
    {
        limits ??= ImageLimits.Default;
        byte[] head = FileBytes.ReadHead(path, ImageFormats.SignatureLength);
        ImageFormat format = Detect(head, path);
        return format is ImageFormat.Png or ImageFormat.Webp or ImageFormat.Tiff or ImageFormat.Avif
            ? Salvaged(limits, path, tolerant => VipsReader.Read(path, path, format, limits, tolerant: tolerant))
            : Decode(FileBytes.Read(path, format, limits), format, path, limits);
    }

    /// <param name="bytes">A whole picture file; copied.</param>
    /// <param name="name">What error messages call it.</param>
    /// <exception cref="InvalidFileException">Not a picture, damaged, cut off, or over the limits.</exception>
    public static ImageBuffer Load(ReadOnlySpan<byte> bytes, string name, ImageLimits? limits = null) =>
        Decode(bytes.ToArray(), Detect(bytes, name), name, limits ?? ImageLimits.Default);

    /// <inheritdoc cref="Load(ReadOnlySpan{byte}, string, ImageLimits?)"/>
    public static ImageBuffer Load(Stream stream, string name, ImageLimits? limits = null)
    {
        byte[] bytes = ReadBytes(stream, name, limits);
        return Decode(bytes, Detect(bytes, name), name, limits ?? ImageLimits.Default);
    }

    /// <summary>
    /// A picture file out of a pipe, as far as it is one: the first bytes and the size in the header are checked before more is read, and what goes on
    /// far behind the picture is left where it is.
    /// </summary>
    /// <param name="name">What error messages call it.</param>
    /// <exception cref="InvalidFileException">Not a picture, or over the limits.</exception>
    public static byte[] ReadBytes(Stream stream, string name, ImageLimits? limits = null) =>
        PictureExtent.Read(stream, head => Detect(head, name), name, limits ?? ImageLimits.Default);

    private static ImageFormat Detect(ReadOnlySpan<byte> bytes, string name)
    {
        if (bytes.IsEmpty)
            throw new InvalidFileException(name, "the file is empty", fault: FailureCode.NotAPicture);
        return ImageFormats.Detect(bytes[..Math.Min(bytes.Length, ImageFormats.SignatureLength)])
            ?? throw new InvalidFileException(name, $"not a picture in a known format ({KnownFormats})", fault: FailureCode.NotAPicture);
    }

    private static ImageBuffer Decode(byte[] bytes, ImageFormat format, string name, ImageLimits limits) =>
        Salvaged(limits, name, tolerant => Decode(bytes, format, name, limits, tolerant));

    /// <summary>Of a damaged file what decodes, where that is asked for and there is something.</summary>
    private static ImageBuffer Salvaged(ImageLimits limits, string name, Func<bool, ImageBuffer> read)
    {
        try
        {
            return read(false);
        }
        catch (InvalidFileException damaged) when (limits.Salvage && damaged.Fault == FailureCode.Damaged)
        {
            try
            {
                ImageBuffer image = read(true);
                int rows = Salvage.RowsOf(image);
                if (rows == 0)
                    throw new InvalidFileException(name, "nothing decodes", fault: FailureCode.Damaged);
                string share = rows < image.Height - 8 ? $"; about {rows} of {image.Height} rows are there" : "";
                image.Metadata.LeftOut = [.. image.Metadata.LeftOut, $"what decodes of a damaged file was taken ({damaged.Reason}){share}"];
                return image;
            }
            catch (InvalidFileException)
            {
                throw new InvalidFileException(name, $"{damaged.Reason}; nothing of it can be salvaged", damaged, FailureCode.Damaged);
            }
        }
    }

    private static ImageBuffer Decode(byte[] bytes, ImageFormat format, string name, ImageLimits limits, bool tolerant) => format switch
    {
        ImageFormat.Jpeg => JpegReader.Read(bytes, name, limits, tolerant),
        ImageFormat.Bmp => BmpReader.Read(bytes, name, limits),
        ImageFormat.Ppm => PnmReader.Read(bytes, name, limits),
        ImageFormat.Heic => HeicPrograms.Read(bytes, name, limits),
        ImageFormat.Jp2 => Jp2Programs.Read(bytes, name, limits),
        _ => VipsReader.Read(bytes, name, format, limits, tolerant),
    };

    /// <summary>Writes to a temporary file beside <paramref name="path"/>, then renames it: an existing file is replaced only by a whole one.</summary>
    /// <param name="replace">False: a file that is there, or appears while this one is written, stays.</param>
    /// <exception cref="InvalidFileException">The format cannot hold the picture, or the file cannot be written.</exception>
    public static void Save(ImageBuffer image, string path, SaveOptions? options = null, bool replace = true)
    {
        options = ForFile(path, options);
        AtomicFile.Write(path, temporary => SaveNew(image, temporary, path, options), replace);
    }

    /// <summary>The options with the format that the file's extension asks for, where they name none.</summary>
    /// <exception cref="InvalidFileException">It asks for none.</exception>
    internal static SaveOptions ForFile(string path, SaveOptions? options)
    {
        options ??= new SaveOptions();
        return options.Format is not null ? options : options with
        {
            Format = ImageFormats.FromExtension(path)
                ?? throw new InvalidFileException(path, $"the extension names no format to write; use one of {string.Join(' ', ImageFormats.Extensions)}"),
        };
    }

    /// <summary>Fills a file that is not there yet and reads it back.</summary>
    /// <param name="name">What error messages call it.</param>
    internal static void SaveNew(ImageBuffer image, string file, string name, SaveOptions options)
    {
        Prepared prepared = Prepare(image, name, options.Format!.Value, options);
        Write(prepared, file, name, options);
        ReadBack.CheckFile(file, prepared.Pixels, prepared.Format, name);
    }

    /// <summary>The bytes of the file that <see cref="Save"/> would write; PNG unless the options name a format.</summary>
    /// <param name="name">What error messages call the picture.</param>
    /// <exception cref="InvalidFileException">The format cannot hold the picture.</exception>
    public static byte[] Encode(ImageBuffer image, SaveOptions? options = null, string name = "picture")
    {
        options ??= new SaveOptions();
        Prepared prepared = Prepare(image, name, options.Format ?? ImageFormat.Png, options);
        byte[] bytes = Encode(prepared, name, options);
        ReadBack.CheckBytes(bytes, prepared.Pixels, prepared.Format, name);
        return bytes;
    }

    private static byte[] Encode(Prepared prepared, string name, SaveOptions options)
    {
        if (IsOfVips(prepared.Format))
            return VipsWriter.Encode(prepared.Pixels, prepared.Metadata, prepared.Format, options, name);
        using var memory = new MemoryStream();
        Write(prepared, memory, name, options);
        return memory.ToArray();
    }

    private sealed record Prepared(ImageBuffer Pixels, ImageMetadata Metadata, ImageFormat Format);

    private static Prepared Prepare(ImageBuffer image, string name, ImageFormat format, SaveOptions options)
    {
        options.Validate();
        FormatCapacity.Check(image, name, format);
        int bits = FormatCapacity.Bits(format, options.BitsPerSample ?? image.BitsPerSample);
        ImageMetadata metadata = MetadataRules.ForSaving(image.Metadata, options.Metadata, image.Width, image.Height);
        return new Prepared(SampleDepth.Convert(image, bits), metadata, format);
    }

    private static bool IsOfVips(ImageFormat format) =>
        format is ImageFormat.Tiff or ImageFormat.Avif;

    private static void Write(Prepared prepared, string temporary, string name, SaveOptions options)
    {
        if (IsOfVips(prepared.Format))
        {
            VipsWriter.Write(prepared.Pixels, prepared.Metadata, prepared.Format, options, temporary, name);
            return;
        }
        using var file = new FileStream(temporary, FileMode.CreateNew, FileAccess.Write);
        Write(prepared, file, name, options);
    }

    private static void Write(Prepared prepared, Stream output, string name, SaveOptions options)
    {
        (ImageBuffer pixels, ImageMetadata metadata, ImageFormat format) = prepared;
        switch (format)
        {
            case ImageFormat.Jpeg:
                JpegWriter.Write(pixels, metadata, options, output, name);
                break;
            case ImageFormat.Png:
                PngWriter.Write(pixels, metadata, output);
                break;
            case ImageFormat.Webp:
                WebpWriter.Write(pixels, metadata, options, output, name);
                break;
            case ImageFormat.Heic:
                output.Write(HeicPrograms.Encode(pixels, metadata, options, name));
                break;
            case ImageFormat.Jp2:
                output.Write(Jp2Programs.EncodeFile(pixels, options, name));
                break;
            case ImageFormat.Ppm:
                PnmWriter.Write(pixels, output);
                break;
            case ImageFormat.Bmp:
                BmpWriter.Write(pixels, output);
                break;
            default:
                throw new ArgumentOutOfRangeException(nameof(prepared), format, "no writer");
        }
    }
}

/// <summary>
/// libvips, or a program that does its work, refused; the message is theirs. Callers that know the file turn it into
/// <see cref="InvalidFileException"/>.
/// </summary>
public sealed class NativeImageException(string message) : UnpressException(message);

/// <summary>8 bits to 16 and back.</summary>
public static class SampleDepth
{
    /// <summary>The picture itself when it has the depth already. 8 to 16: × 257, exact. 16 to 8: to the nearest.</summary>
    public static ImageBuffer Convert(ImageBuffer image, int bits)
    {
        if (image.BitsPerSample == bits)
            return image;
        var result = new ImageBuffer(image.Width, image.Height, image.Model, image.HasAlpha, bits) { Metadata = image.Metadata };
        if (bits == 16)
        {
            Span<ushort> deep = result.Data16;
            for (int i = 0; i < deep.Length; i++)
                deep[i] = (ushort)(image.Data[i] * 257);
            return result;
        }
        ReadOnlySpan<ushort> samples = image.Data16;
        for (int i = 0; i < samples.Length; i++)
            result.Data[i] = (byte)((samples[i] + 128) / 257);
        return result;
    }

    /// <summary>Decoders of 10 and 12 bits fill only the upper ones of 16: their white would be gray.</summary>
    internal static void Stretch(Span<ushort> samples, int bits)
    {
        foreach (ref ushort sample in samples)
            sample |= (ushort)(sample >> bits);
    }

    /// <summary>16 bits rounded to what 10 can say: encoders take the upper bits, which would darken. Others stay as they are.</summary>
    internal static ImageBuffer TenBits(ImageBuffer image)
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
}
