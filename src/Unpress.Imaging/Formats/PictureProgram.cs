using System.Buffers.Binary;
using Unpress.Imaging.Processes;

namespace Unpress.Imaging.Formats;

/// <summary>
/// Formats that the package's libvips leaves out for their patents are read and written by programs on PATH: each in a process of its own, with
/// files in a scratch folder and a time limit, and a PNG between them and us.
/// </summary>
internal static class PictureProgram
{
    /// <summary>The first of them that is there, or null.</summary>
    public static string? Find(params string[] names) => names.Select(ProgramFinder.Find).FirstOrDefault(path => path is not null);

    /// <summary>Far more than two slow cores need, even when they are busy with twenty other things.</summary>
    public static TimeSpan TimeLimit(long pixels) => TimeSpan.FromSeconds(300 + (pixels / 50_000.0));

    /// <summary>Runs a decoder.</summary>
    /// <param name="name">The file, for error messages.</param>
    /// <param name="format">Short name of what is read.</param>
    /// <exception cref="InvalidFileException">The program refused, or took too long.</exception>
    public static void Decode(string program, string[] arguments, string name, string format, long pixels, CancellationToken cancellation = default)
    {
        try
        {
            ChildProcess.Run(program, arguments, ReadOnlyMemory<byte>.Empty, TimeLimit(pixels), cancellation);
        }
        catch (ProcessFailedException error)
        {
            throw new InvalidFileException(name, $"cannot be read as {format}; damaged, cut off or of an unknown kind ({error.Message})",
                error, fault: FailureCode.Damaged);
        }
    }

    /// <summary>The PNG that a decoder wrote.</summary>
    /// <param name="asStored">Whether the program has turned the pixels, whatever a tag in the PNG says.</param>
    /// <exception cref="InvalidFileException">It is not there, or over the limits.</exception>
    public static ImageBuffer ReadPng(string png, bool asStored, string program, string name, string format, ImageLimits limits)
    {
        if (!File.Exists(png))
            throw new InvalidFileException(name, $"cannot be read as {format}; {Path.GetFileName(program)} wrote no picture");
        ImageBuffer image = VipsReader.Read(png, name, ImageFormat.Png, limits, asStored);
        image.Metadata.SourceFormat = format;
        image.Metadata.WasPalette = false;
        (image.Metadata.PngChunks, image.Metadata.Colour, image.Metadata.LeftOut) = ([], null, []);
        image.Metadata.PixelsPerMillimetreX = image.Metadata.PixelsPerMillimetreY = 0;
        return image;
    }
}

/// <summary>The boxes of which HEIF and JPEG 2000 files are made: a length, four letters, a payload. A length that does not fit ends the walk.</summary>
internal static class IsoBoxes
{
    /// <summary>Takes the first box off; false at the end, or where no whole box follows.</summary>
    public static bool Next(scoped ref ReadOnlySpan<byte> boxes, out ReadOnlySpan<byte> type, out ReadOnlySpan<byte> payload)
    {
        type = payload = default;
        if (boxes.Length < 8)
            return false;
        ulong length = BinaryPrimitives.ReadUInt32BigEndian(boxes);
        int header = 8;
        if (length == 1 && boxes.Length >= 16)
            (length, header) = (BinaryPrimitives.ReadUInt64BigEndian(boxes[8..]), 16);
        else if (length == 0)
            length = (ulong)boxes.Length; // to the end of the file
        if (length < (ulong)header || length > (ulong)boxes.Length)
            return false;
        type = boxes.Slice(4, 4);
        payload = boxes[header..(int)length];
        boxes = boxes[(int)length..];
        return true;
    }

    /// <summary>The payload of the first box of a type.</summary>
    public static bool Find(ReadOnlySpan<byte> boxes, ReadOnlySpan<byte> wanted, out ReadOnlySpan<byte> payload)
    {
        ReadOnlySpan<byte> rest = boxes;
        while (Next(ref rest, out ReadOnlySpan<byte> type, out ReadOnlySpan<byte> found))
        {
            if (!type.SequenceEqual(wanted))
                continue;
            payload = found;
            return true;
        }
        payload = default;
        return false;
    }
}
