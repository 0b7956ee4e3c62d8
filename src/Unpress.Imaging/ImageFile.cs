using Unpress.Imaging.Formats;

namespace Unpress.Imaging;

/// <summary>
/// Pictures from files and back. The format is found in the first bytes, never in the name; sizes are checked in the header before
/// pixels are allocated; pixels come out upright with the orientation tag set to 1; a file is written whole or not at all.
/// </summary>
public static partial class ImageFile
{
    private const string KnownFormats = "JPEG, PNG, WebP, TIFF, HEIC, AVIF, PPM/PGM, BMP and JPEG 2000";

    /// <exception cref="InvalidFileException">Missing, unreadable, not a picture, damaged, cut off, or over the limits.</exception>
    public static ImageBuffer Load(string path, ImageLimits? limits = null)
    {
        limits ??= ImageLimits.Default;
        byte[] head = FileBytes.ReadHead(path, ImageFormats.SignatureLength);
        ImageFormat format = Detect(head, path);
        return format is ImageFormat.Png or ImageFormat.Webp or ImageFormat.Tiff or ImageFormat.Avif
            ? VipsReader.Read(path, path, format, limits)
            : Decode(FileBytes.Read(path), format, path, limits);
    }

    /// <param name="bytes">A whole picture file; copied.</param>
    /// <param name="name">What error messages call it.</param>
    /// <exception cref="InvalidFileException">Not a picture, damaged, cut off, or over the limits.</exception>
    public static ImageBuffer Load(ReadOnlySpan<byte> bytes, string name, ImageLimits? limits = null) =>
        Decode(bytes.ToArray(), Detect(bytes, name), name, limits ?? ImageLimits.Default);

    /// <inheritdoc cref="Load(ReadOnlySpan{byte}, string, ImageLimits?)"/>
    public static ImageBuffer Load(Stream stream, string name, ImageLimits? limits = null)
    {
        byte[] bytes = FileBytes.Read(stream, name);
        return Decode(bytes, Detect(bytes, name), name, limits ?? ImageLimits.Default);
    }

    private static ImageFormat Detect(ReadOnlySpan<byte> bytes, string name)
    {
        if (bytes.IsEmpty)
            throw new InvalidFileException(name, "the file is empty");
        return ImageFormats.Detect(bytes[..Math.Min(bytes.Length, ImageFormats.SignatureLength)])
            ?? throw new InvalidFileException(name, $"not a picture in a known format ({KnownFormats})");
    }

    private static ImageBuffer Decode(byte[] bytes, ImageFormat format, string name, ImageLimits limits) => format switch
    {
        ImageFormat.Jpeg => JpegReader.Read(bytes, name, limits),
        ImageFormat.Bmp => BmpReader.Read(bytes, name, limits),
        ImageFormat.Ppm => PnmReader.Read(bytes, name, limits),
        ImageFormat.Heic => HeicPrograms.Read(bytes, name, limits),
        ImageFormat.Jp2 => Jp2Programs.Read(bytes, name, limits),
        _ => VipsReader.Read(bytes, name, format, limits),
    };
}

/// <summary>libvips, or a program that does its work, refused; the message is theirs. Callers that know the file turn it into <see cref="InvalidFileException"/>.</summary>
public sealed class NativeImageException(string message) : Exception(message);

/// <summary>A file that cannot be used: its message is one line that names the file, the fault and what to do.</summary>
public sealed class InvalidFileException : Exception
{
    public InvalidFileException(string path, string reason, Exception? inner = null)
        : base($"{path}: {reason}", inner)
    {
        Path = path;
        Reason = reason;
    }

    public string Path { get; }

    public string Reason { get; }
}
