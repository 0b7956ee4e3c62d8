using Unpress.Imaging.Metadata;

namespace Unpress.Imaging.Formats;

/// <summary>
/// Some encoders report success for a file that holds no picture. What they wrote is decoded before it becomes a result.
/// </summary>
internal static class ReadBack
{
    /// <summary>What was written has been within the limits of its format; those of reading are no reason to refuse it.</summary>
    private static readonly ImageLimits Limits = ImageLimits.None;

    /// <exception cref="InvalidFileException">The file cannot be decoded, or has another size.</exception>
    public static void CheckFile(string file, ImageBuffer written, ImageFormat format, string name)
    {
        if (IsNeeded(format))
            Check(() => ImageFile.Load(file, Limits), written, format, name);
    }

    /// <inheritdoc cref="CheckFile"/>
    public static void CheckBytes(byte[] bytes, ImageBuffer written, ImageFormat format, string name)
    {
        if (IsNeeded(format))
            Check(() => ImageFile.Load(bytes, name, Limits), written, format, name);
    }

    /// <summary>Of the formats that others encode, those whose decoder is here.</summary>
    private static bool IsNeeded(ImageFormat format) => format switch
    {
        ImageFormat.Webp or ImageFormat.Avif => true,
        ImageFormat.Heic => HeicPrograms.Reader is not null,
        ImageFormat.Jp2 => Jp2Programs.Reader is not null,
        _ => false,
    };

    private static void Check(Func<ImageBuffer> load, ImageBuffer written, ImageFormat format, string name)
    {
        string label = ImageFormats.Name(format);
        ImageBuffer read;
        try
        {
            read = load();
        }
        catch (InvalidFileException refusal)
        {
            throw new InvalidFileException(name, $"cannot be written as {label}: the encoder's file cannot be read back ({refusal.Reason}, fault: FailureCode.CannotWrite); save as PNG", refusal);
        }
        // A picture whose EXIF turns it is read upright.
        bool turned = written.Metadata.Exif is { } exif && new ExifEditor(exif).Orientation >= 5;
        bool same = (read.Width, read.Height) == (written.Width, written.Height);
        if (!same && !(turned && (read.Height, read.Width) == (written.Width, written.Height)))
        {
            throw new InvalidFileException(
                name, $"cannot be written as {label}: the encoder's file holds {read.Width}x{read.Height} of {written.Width}x{written.Height} pixels; save as PNG", fault: FailureCode.CannotWrite);
        }
    }
}
