using System.Buffers.Binary;
using Unpress.Imaging.Formats.Png;
using Unpress.Imaging.Metadata;

namespace Unpress.Imaging.Formats;

/// <summary>What a file holds that libvips does not tell of, or tells in its own words.</summary>
internal sealed record FileFacts
{
    /// <summary>The EXIF of a TIFF, which libvips would rebuild.</summary>
    public byte[]? TiffExif { get; init; }

    /// <summary>As in <see cref="ImageMetadata.Iptc"/>, of a TIFF or a PNG.</summary>
    public byte[]? Iptc { get; init; }

    public IReadOnlyList<PngChunk> PngChunks { get; init; } = [];

    /// <summary>As it lies in a PNG.</summary>
    public byte[]? PngProfile { get; init; }

    public ColourCode? Colour { get; init; }

    /// <summary>As in <see cref="ImageMetadata.LeftOut"/>.</summary>
    public IReadOnlyList<string> LeftOut { get; init; } = [];

    /// <exception cref="InvalidFileException">A camera's RAW file.</exception>
    public static FileFacts Read(Stream file, ImageFormat format, string name)
    {
        switch (format)
        {
            case ImageFormat.Tiff:
                if (RawKind(file) is { } kind)
                    throw new InvalidFileException(
                        name, $"a camera's RAW file{kind}, which is not supported: only its preview could be read; develop it first",
                        fault: FailureCode.Unsupported);
                return new FileFacts
                {
                    TiffExif = Metadata.TiffExif.Extract(file),
                    Iptc = IptcBlock.OfTiff(Metadata.TiffExif.ExtractResources(file), Metadata.TiffExif.ExtractIptc(file)),
                };
            case ImageFormat.Png:
                List<PngChunk> chunks = Png.PngChunks.Read(file, out int frames, out byte[]? profile, out List<string> lost);
                return new FileFacts
                {
                    PngChunks = chunks,
                    PngProfile = profile,
                    Iptc = IptcBlock.FromTexts(chunks),
                    Colour = chunks.Find(chunk => chunk.Type == "cICP") is { } code ? new ColourCode(code.Data[0], code.Data[1]) : null,
                    LeftOut = frames > 1 ? [Several(frames, "frames"), .. lost] : lost,
                };
            case ImageFormat.Avif:
                byte[] bytes = FileBytes.Read(file, name);
                return new FileFacts { Colour = HeifBoxes.Colour(bytes), LeftOut = HeifBoxes.LeftOut(bytes) };
            default:
                return new FileFacts();
        }
    }

    /// <summary>"only the first of 3 frames is taken".</summary>
    public static string Several(int count, string what) => $"only the first of {count} {what} is taken";

    /// <summary>In their first directory cameras keep a preview; the photograph lies in another, as the sensor saw it.</summary>
    private static string? RawKind(Stream file)
    {
        const ushort subfile = 0xFE, directories = 0x14A, sensorStandard = 0x9216, dng = 0xC612;
        var head = new byte[12];
        file.Position = 0;
        if (file.ReadAtLeast(head, head.Length, throwOnEndOfStream: false) == head.Length && head.AsSpan(8, 2).SequenceEqual("CR"u8))
            return " (CR2)";
        IReadOnlyList<TiffField> fields = TiffFieldReader.Read(file, tag => tag is subfile or directories or sensorStandard or dng);
        if (fields.Any(field => field.Tag == dng))
            return " (DNG)";
        bool preview = fields.Any(field => field.Tag == subfile && field.Value.Length >= 4 && (BinaryPrimitives.ReadUInt32LittleEndian(field.Value) & 1) != 0);
        return fields.Any(field => field.Tag == sensorStandard) || (preview && fields.Any(field => field.Tag == directories)) ? "" : null;
    }
}
