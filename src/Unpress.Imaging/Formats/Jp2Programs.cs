using System.Buffers.Binary;
using System.Collections.Concurrent;
using System.Globalization;
using System.Numerics;
using System.Text;
using System.Text.RegularExpressions;
using Unpress.Imaging.Formats.Png;
using Unpress.Imaging.Processes;

namespace Unpress.Imaging.Formats;

/// <summary>
/// JPEG 2000 by OpenJPEG's programs: 8 and 16 bits, gray, RGB, alpha. A profile is read, and written by none of them; EXIF and XMP are neither.
/// On macOS without them, the system's own sips reads.
/// </summary>
internal static partial class Jp2Programs
{
    public const string Remedy = "on Debian: apt-get install libopenjp2-tools; on macOS: brew install openjpeg";

    private static readonly ConcurrentDictionary<string, string> Versions = new();

    public static string? Reader => PictureProgram.Find("opj_decompress") ?? (OperatingSystem.IsMacOS() ? PictureProgram.Find("sips") : null);

    public static string? Writer => PictureProgram.Find("opj_compress");

    /// <summary>OpenJPEG with its version.</summary>
    /// <exception cref="MissingToolException">opj_compress is not on PATH.</exception>
    public static string Version => Versions.GetOrAdd(Needed(), program =>
    {
        ProcessResult help = ChildProcess.Start(program, ["-h"], ReadOnlyMemory<byte>.Empty, TimeSpan.FromSeconds(20), CancellationToken.None);
        Match version = VersionText().Match(Encoding.UTF8.GetString(help.Output) + help.Errors);
        return $"OpenJPEG {(version.Success ? version.Groups[1].Value : "of unknown version")}";
    });

    public static ImageBuffer Read(byte[] file, string name, ImageLimits limits, CancellationToken cancellation = default)
    {
        Jp2Header header = Jp2Header.Read(file, name);
        limits.Check(name, header.Width, header.Height);
        return Read(
            Reader ?? throw new InvalidFileException(name, $"JPEG 2000 is read by opj_decompress, which is not on PATH; {Remedy}"),
            file, header, name, limits, cancellation);
    }

    internal static ImageBuffer Read(string program, byte[] file, Jp2Header header, string name, ImageLimits limits, CancellationToken cancellation)
    {
        const string format = "jp2";
        bool sips = Path.GetFileName(program) == "sips";
        // opj_decompress would apply a profile and drop it. Of the bare codestream it gives the numbers as they are.
        bool bare = !sips && header.Profile is not null;
        using var folder = new ScratchFolder();
        // It tells the two kinds of file apart by their names.
        string input = folder.Combine(bare || !header.IsContainer ? "in.j2k" : "in.jp2"), output = folder.Combine("out.png");
        File.WriteAllBytes(input, bare ? file[header.Codestream] : file);
        PictureProgram.Decode(
            program, sips ? ["-s", "format", "png", input, "--out", output] : ["-quiet", "-i", input, "-o", output], name, format,
            (long)header.Width * header.Height, cancellation);
        ImageBuffer image = PictureProgram.ReadPng(output, asStored: !sips, program, name, format, limits);
        if (!sips)
            image.Metadata.Icc = header.Profile;
        return image;
    }

    /// <summary>Without loss (5/3 wavelet), or to a PSNR (9/7): one layer, one tile, chroma whole.</summary>
    /// <param name="psnr">In dB; null for no loss.</param>
    /// <exception cref="MissingToolException">opj_compress is not on PATH.</exception>
    /// <exception cref="ProcessFailedException">It refused.</exception>
    public static byte[] Encode(ImageBuffer image, int? psnr, CancellationToken cancellation = default)
    {
        string program = Needed();
        using var folder = new ScratchFolder();
        string input = folder.Combine("in.png"), output = folder.Combine("out.jp2");
        using (FileStream png = File.Create(input))
            PngWriter.Write(image, new ImageMetadata(), png);
        // Six resolutions are its default, and refused for pictures that cannot be halved five times.
        int resolutions = Math.Min(6, BitOperations.Log2((uint)Math.Min(image.Width, image.Height)) + 1);
        string[] loss = psnr is { } target ? ["-I", "-q", target.ToString(CultureInfo.InvariantCulture)] : [];
        string[] arguments = ["-i", input, "-o", output, "-n", resolutions.ToString(CultureInfo.InvariantCulture), .. loss];
        TimeSpan limit = PictureProgram.TimeLimit((long)image.Width * image.Height);
        ProcessResult result = ChildProcess.Start(program, arguments, ReadOnlyMemory<byte>.Empty, limit, cancellation);
        // Some of its failures end with code 0.
        return result.ExitCode == 0 && File.Exists(output) && File.ReadAllBytes(output) is { Length: > 0 } bytes
            ? bytes
            : throw new ProcessFailedException($"opj_compress wrote no picture: {Complaint().Match(result.Errors).Value.Trim()}");
    }

    /// <exception cref="InvalidFileException">opj_compress is not there, or refused.</exception>
    public static byte[] EncodeFile(ImageBuffer image, SaveOptions options, string name)
    {
        if (Writer is null)
            throw new InvalidFileException(name, $"JPEG 2000 is written by opj_compress, which is not on PATH; {Remedy}");
        try
        {
            return Encode(image, options.Lossless ? null : options.Quality);
        }
        catch (ProcessFailedException error)
        {
            throw new InvalidFileException(name, $"cannot be written: {error.Message}", error);
        }
    }

    private static string Needed() => Writer ?? throw new MissingToolException("opj_compress", $"JPEG 2000 is written by it; {Remedy}");

    [GeneratedRegex(@"openjp2 library v([0-9][0-9.]*[0-9])")]
    private static partial Regex VersionText();

    [GeneratedRegex(@"(\[ERROR\].*|\S.*)")]
    private static partial Regex Complaint();
}

/// <summary>What a JPEG 2000 file (ITU-T T.800, annexes A and I) says of itself, read without a decoder and without trusting any length.</summary>
/// <param name="Codestream">Where it lies in the file.</param>
/// <param name="IsContainer">A JP2 file, not a bare codestream.</param>
/// <param name="Profile">ICC profile by which the components are gray or RGB as they are; null without.</param>
internal sealed record Jp2Header(int Width, int Height, Range Codestream, bool IsContainer, byte[]? Profile)
{
    private const int SizMarker = 0xFF51;

    /// <exception cref="InvalidFileException">There is no size in it, or it is CMYK.</exception>
    public static Jp2Header Read(ReadOnlySpan<byte> file, string name)
    {
        if (file.StartsWith<byte>([0xFF, 0x4F]))
            return Of(file, Range.All, isContainer: false, null, name);
        byte[]? profile = null;
        for (ReadOnlySpan<byte> rest = file; IsoBoxes.Next(ref rest, out ReadOnlySpan<byte> type, out ReadOnlySpan<byte> payload);)
        {
            if (type.SequenceEqual("jp2h"u8))
                profile = FindProfile(payload, name);
            if (!type.SequenceEqual("jp2c"u8))
                continue;
            int end = file.Length - rest.Length;
            return Of(payload, (end - payload.Length)..end, isContainer: true, profile, name);
        }
        throw new InvalidFileException(name, "cannot be read as jp2; damaged or cut off (it holds no codestream)");
    }

    private static Jp2Header Of(ReadOnlySpan<byte> codestream, Range where, bool isContainer, byte[]? profile, string name)
    {
        // SOC, then SIZ: its length, a capability, the grid's size and the picture's offset in it.
        if (codestream.Length < 24 || BinaryPrimitives.ReadUInt16BigEndian(codestream[2..]) != SizMarker)
            throw new InvalidFileException(name, "cannot be read as jp2; damaged or cut off (the codestream has no size)", fault: FailureCode.Damaged);
        long width = BinaryPrimitives.ReadUInt32BigEndian(codestream[8..]) - (long)BinaryPrimitives.ReadUInt32BigEndian(codestream[16..]);
        long height = BinaryPrimitives.ReadUInt32BigEndian(codestream[12..]) - (long)BinaryPrimitives.ReadUInt32BigEndian(codestream[20..]);
        return new Jp2Header((int)Math.Clamp(width, 0, int.MaxValue), (int)Math.Clamp(height, 0, int.MaxValue), where, isContainer, profile);
    }

    private static byte[]? FindProfile(ReadOnlySpan<byte> header, string name)
    {
        byte[]? profile = null;
        while (IsoBoxes.Next(ref header, out ReadOnlySpan<byte> type, out ReadOnlySpan<byte> payload))
        {
            // A palette, or channels in an order of their own: then OpenJPEG must see the container.
            if (type.SequenceEqual("pclr"u8))
                return null;
            // Method, precedence, approximation; then for method 1 a number, for 2 and 3 the profile.
            if (!type.SequenceEqual("colr"u8) || payload.Length < 7)
                continue;
            if (payload[0] == 1 && BinaryPrimitives.ReadUInt32BigEndian(payload[3..]) == 12)
                throw Cmyk(name);
            if (payload[0] is 2 or 3 && payload.Length >= 3 + 128)
                profile ??= payload[3..].ToArray();
        }
        return profile is not null && profile.AsSpan(16, 4).SequenceEqual("CMYK"u8) ? throw Cmyk(name) : profile;
    }

    private static InvalidFileException Cmyk(string name) => new(name, "a JPEG 2000 in CMYK, which is not supported; save it as TIFF or JPEG");
}
