using System.Buffers.Binary;
using System.Globalization;
using System.Numerics;
using Unpress.Imaging.Formats.Png;
using Unpress.Imaging.Metadata;
using Unpress.Imaging.Processes;

namespace Unpress.Imaging.Formats;

/// <summary>
/// HEIC by libheif's programs, which carry profile, EXIF, XMP and alpha both ways, byte for byte, and 16 bits as 10. On macOS without them, the
/// system's own sips reads.
/// </summary>
internal static class HeicPrograms
{
    public const string Remedy = "on Debian: apt-get install libheif-examples; on macOS: brew install libheif";

    /// <summary>heif-dec is the newer name of heif-convert.</summary>
    public static string? Reader => PictureProgram.Find("heif-dec", "heif-convert") ?? (OperatingSystem.IsMacOS() ? PictureProgram.Find("sips") : null);

    public static string? Writer => PictureProgram.Find("heif-enc");

    public static ImageBuffer Read(byte[] file, string name, ImageLimits limits)
    {
        foreach ((int width, int height) in HeifBoxes.Sizes(file))
            limits.Check(name, width, height);
        string program = Reader ?? throw new InvalidFileException(name, $"HEIC is read by heif-dec or heif-convert, and neither is on PATH; {Remedy}");
        try
        {
            return Read(program, file, name, limits);
        }
        catch (InvalidFileException) when (HeifBoxes.TakeProfile(file) is { } taken)
        {
            // The PNG between them and us refuses profiles with faults that matter to nobody else.
            ImageBuffer image = Read(program, taken.FileWithout, name, limits);
            image.Metadata.Icc = taken.Profile;
            return image;
        }
    }

    internal static ImageBuffer Read(string program, byte[] file, string name, ImageLimits limits)
    {
        const string format = "heif";
        long pixels = HeifBoxes.Sizes(file).Select(size => (long)size.Width * size.Height).DefaultIfEmpty().Max();
        bool sips = Path.GetFileName(program) == "sips";
        using var folder = new ScratchFolder();
        string input = folder.Combine("in.heic"), output = folder.Combine("out.png");
        File.WriteAllBytes(input, file);
        PictureProgram.Decode(
            program,
            sips ? ["-s", "format", "png", input, "--out", output] : ["--quiet", "--with-exif", "--with-xmp", "--skip-exif-offset", input, output],
            name, format, pixels);
        // Of several pictures each file gets a number.
        int pages = 1;
        if (File.Exists(folder.Combine("out-1.png")))
        {
            output = folder.Combine("out-1.png");
            while (File.Exists(folder.Combine($"out-{pages + 1}.png")))
                pages++;
        }
        ImageBuffer image = PictureProgram.ReadPng(output, asStored: !sips, program, name, format, limits);
        image.Metadata.Pages = pages;
        image.Metadata.Colour = HeifBoxes.Colour(file);
        image.Metadata.LeftOut = pages > 1 ? [FileFacts.Several(pages, "pictures"), .. HeifBoxes.LeftOut(file)] : HeifBoxes.LeftOut(file);
        if (image.BitsPerSample == 16)
        {
            FillLowerBits(image.Data16);
            image.Metadata.StoredBits = 10; // HEIC of 12 bits is not told apart
        }
        if (!sips)
            ReadSides(image.Metadata, output);
        return image;
    }

    /// <param name="image">8 bits, or 16, which become 10.</param>
    /// <exception cref="InvalidFileException">heif-enc is not there, or refused.</exception>
    public static byte[] Encode(ImageBuffer image, ImageMetadata metadata, SaveOptions options, string name)
    {
        string program = Writer ?? throw new InvalidFileException(name, $"HEIC is written by heif-enc, which is not on PATH; {Remedy}");
        using var folder = new ScratchFolder();
        string input = folder.Combine("in.png"), output = folder.Combine("out.heic");
        using (FileStream png = File.Create(input))
            PngWriter.Write(SampleDepth.TenBits(image), metadata, png);
        // Without loss means coded as G, B, R: newer versions do so by themselves, older ones only when told.
        string[] loss = options.Lossless
            ? ["-L", "--matrix_coefficients=0"]
            : ["-q", options.Quality.ToString(CultureInfo.InvariantCulture)];
        string chroma = options.Lossless || options.Subsampling == ChromaSubsampling.C444 ? "chroma=444" : "chroma=420";
        string[] arguments = [.. loss, "-p", chroma, "-b", image.BitsPerSample == 16 ? "10" : "8", "-o", output, input];
        try
        {
            ChildProcess.Run(
                program, arguments, ReadOnlyMemory<byte>.Empty, PictureProgram.TimeLimit((long)image.Width * image.Height), CancellationToken.None);
        }
        catch (ProcessFailedException error)
        {
            throw new InvalidFileException(name, $"cannot be written: {error.Message}", error);
        }
        byte[] file = File.Exists(output) ? File.ReadAllBytes(output) : [];
        return HeifBoxes.Sizes(file).Contains((image.Width, image.Height))
            ? file
            : throw new InvalidFileException(name, "cannot be written: heif-enc wrote no picture of this size");
    }

    /// <summary>Older versions leave the lower bits of 10 and 12 empty, newer ones fill them.</summary>
    private static void FillLowerBits(Span<ushort> samples)
    {
        ushort used = 0;
        foreach (ushort sample in samples)
            used |= sample;
        if (BitOperations.TrailingZeroCount(used) is var empty and (4 or 6))
            SampleDepth.Stretch(samples, 16 - empty);
    }

    private static void ReadSides(ImageMetadata metadata, string png)
    {
        metadata.Exif = Side(Path.ChangeExtension(png, ".exif")) is { } exif ? MetadataRules.WithoutPrefix(exif) : null;
        metadata.Xmp = Side(Path.ChangeExtension(png, ".xmp"));
        // The pixels were turned by a property of the container; the tag would turn them again.
        if (metadata.Exif is { } tags && new ExifEditor(tags).Orientation != 1)
            MetadataRules.MarkUpright(metadata);
    }

    /// <summary>Null when there was nothing of the kind in the picture.</summary>
    private static byte[]? Side(string path) => File.Exists(path) && new FileInfo(path).Length > 0 ? File.ReadAllBytes(path) : null;
}

/// <summary>What a HEIF file (ISO/IEC 23008-12) says of its pictures, read without a decoder and without trusting any length.</summary>
internal static class HeifBoxes
{
    /// <summary>Width and height of every picture and tile; none when the file holds no such thing. One beyond an int is as large as an int.</summary>
    public static IReadOnlyList<(int Width, int Height)> Sizes(ReadOnlySpan<byte> file)
    {
        List<(int Width, int Height)> sizes = [];
        ReadOnlySpan<byte> properties = Properties(file);
        while (IsoBoxes.Next(ref properties, out ReadOnlySpan<byte> type, out ReadOnlySpan<byte> payload))
        {
            if (type.SequenceEqual("ispe"u8) && payload.Length >= 12)
                sizes.Add((Bounded(payload[4..]), Bounded(payload[8..])));
        }
        return sizes;
    }

    /// <summary>The codes of the first picture that has some; null when none has.</summary>
    public static ColourCode? Colour(ReadOnlySpan<byte> file)
    {
        ReadOnlySpan<byte> properties = Properties(file);
        while (IsoBoxes.Next(ref properties, out ReadOnlySpan<byte> type, out ReadOnlySpan<byte> payload))
        {
            if (type.SequenceEqual("colr"u8) && payload.StartsWith("nclx"u8) && payload.Length >= 8)
                return new ColourCode(BinaryPrimitives.ReadUInt16BigEndian(payload[4..]), BinaryPrimitives.ReadUInt16BigEndian(payload[6..]));
        }
        return null;
    }

    /// <summary>Puts codes in the place of those that are there.</summary>
    public static void SetColour(Span<byte> file, ColourCode code)
    {
        ReadOnlySpan<byte> properties = Properties(file);
        while (IsoBoxes.Next(ref properties, out ReadOnlySpan<byte> type, out ReadOnlySpan<byte> payload))
        {
            if (!type.SequenceEqual("colr"u8) || !payload.StartsWith("nclx"u8) || payload.Length < 8)
                continue;
            ((ReadOnlySpan<byte>)file).Overlaps(payload, out int at);
            BinaryPrimitives.WriteUInt16BigEndian(file[(at + 4)..], (ushort)code.Primaries);
            BinaryPrimitives.WriteUInt16BigEndian(file[(at + 6)..], (ushort)code.Transfer);
        }
    }

    /// <summary>As in <see cref="ImageMetadata.LeftOut"/>: sequences and what phones put beside the picture.</summary>
    public static List<string> LeftOut(ReadOnlySpan<byte> file)
    {
        bool gainMap = false, depth = false;
        ReadOnlySpan<byte> properties = Properties(file);
        while (IsoBoxes.Next(ref properties, out ReadOnlySpan<byte> type, out ReadOnlySpan<byte> payload))
        {
            if (!type.SequenceEqual("auxC"u8))
                continue;
            gainMap |= payload.IndexOf("hdrgainmap"u8) >= 0;
            depth |= payload.IndexOf("auxid:2"u8) >= 0 || payload.IndexOf("depth"u8) >= 0;
        }
        if (IsoBoxes.Find(file, "meta"u8, out ReadOnlySpan<byte> meta) && meta.Length > 4 && IsoBoxes.Find(meta[4..], "iinf"u8, out ReadOnlySpan<byte> items))
            gainMap |= items.IndexOf("tmap"u8) >= 0;
        var left = new List<string>();
        if (IsoBoxes.Find(file, "moov"u8, out _))
            left.Add("only the first picture of the sequence is taken");
        if (gainMap)
            left.Add("the gain map is left out: the result has the standard range");
        if (depth)
            left.Add("the depth map is left out");
        return left;
    }

    /// <summary>The first ICC profile and the file without any; null when there is none.</summary>
    public static (byte[] Profile, byte[] FileWithout)? TakeProfile(ReadOnlySpan<byte> file)
    {
        byte[]? first = null, without = null;
        ReadOnlySpan<byte> properties = Properties(file);
        while (IsoBoxes.Next(ref properties, out ReadOnlySpan<byte> type, out ReadOnlySpan<byte> payload))
        {
            if (!type.SequenceEqual("colr"u8) || !(payload.StartsWith("prof"u8) || payload.StartsWith("rICC"u8)))
                continue;
            first ??= payload[4..].ToArray();
            without ??= file.ToArray();
            // A box of a type that readers skip, in the same place: the properties are known by their numbers.
            file.Overlaps(type, out int at);
            "free"u8.CopyTo(without.AsSpan(at));
        }
        return first is null ? null : (first, without!);
    }

    private static ReadOnlySpan<byte> Properties(ReadOnlySpan<byte> file) =>
        // meta is a full box: version and flags before what it contains.
        IsoBoxes.Find(file, "meta"u8, out ReadOnlySpan<byte> meta) && meta.Length > 4
        && IsoBoxes.Find(meta[4..], "iprp"u8, out ReadOnlySpan<byte> properties)
        && IsoBoxes.Find(properties, "ipco"u8, out ReadOnlySpan<byte> container) ? container : default;

    private static int Bounded(ReadOnlySpan<byte> number) => (int)Math.Min(int.MaxValue, BinaryPrimitives.ReadUInt32BigEndian(number));
}
