using System.Buffers.Binary;
using System.Collections.Concurrent;
using System.Globalization;
using System.IO.Compression;
using System.Text;
using System.Text.RegularExpressions;
using Unpress.Imaging.Formats.Png;
using Unpress.Imaging.Processes;

namespace Unpress.Imaging.Codecs.Hevc;

/// <summary>
/// libbpg's own programs, with 8 bits, Y'CbCr and the level they have by default. The reference encoder (jctvc) is taken when the build
/// has it; a build with x265 alone codes the picture 3 QP finer than the number given, which <see cref="Encoder"/> then says.
/// </summary>
internal sealed partial class BpgTools
{
    private static readonly TimeSpan TimeLimit = TimeSpan.FromMinutes(10);
    private static readonly ConcurrentDictionary<(string Encoder, string Decoder), BpgTools> Known = new();

    private readonly string _encoder;
    private readonly string _decoder;
    private readonly bool _hasReference;

    internal BpgTools(string encoder, string decoder)
    {
        _encoder = encoder;
        _decoder = decoder;
        // The help text ends with code 1 and names the encoders of the build: "-e encoder  select the HEVC encoder (x265, jctvc, …".
        var help = ChildProcess.Start(encoder, ["-h"], ReadOnlyMemory<byte>.Empty, TimeSpan.FromSeconds(20), CancellationToken.None);
        string text = System.Text.Encoding.UTF8.GetString(help.Output) + help.Errors;
        _hasReference = EncoderList().Match(text).Groups[1].Value.Contains("jctvc", StringComparison.Ordinal);
        string kind = _hasReference ? "jctvc" : "x265, which codes the picture 3 QP below the number given";
        Encoder = $"bpgenc {VersionText().Match(text).Groups[1].Value} ({kind})";
    }

    public string Encoder { get; }

    /// <summary>The tools, or null when they are not both on PATH.</summary>
    public static BpgTools? Find() =>
        ProgramFinder.Find("bpgenc") is { } encoder && ProgramFinder.Find("bpgdec") is { } decoder
            ? Known.GetOrAdd((encoder, decoder), found => new BpgTools(found.Encoder, found.Decoder))
            : null;

    public static bool Recognizes(ReadOnlySpan<byte> bytes) => bytes.StartsWith<byte>([0x42, 0x50, 0x47, 0xfb]);

    public byte[] Encode(ImageBuffer image, CodecSettings settings, CancellationToken cancellation)
    {
        using var folder = new ScratchFolder();
        string input = folder.Combine("in.png"), output = folder.Combine("out.bpg");
        PlainPng.Write(image, input);
        string[] encoder = _hasReference ? ["-e", "jctvc"] : [];
        string quality = settings.Quality.ToString(CultureInfo.InvariantCulture);
        string chroma = settings.Subsampling switch { ChromaSubsampling.C420 => "420", ChromaSubsampling.C422 => "422", _ => "444" };
        string[] arguments = [.. encoder, "-b", "8", "-c", "ycbcr", "-f", chroma, "-q", quality, "-o", output, input];
        ChildProcess.Run(_encoder, arguments, ReadOnlyMemory<byte>.Empty, TimeLimit, cancellation);
        return File.ReadAllBytes(output);
    }

    public ImageBuffer Decode(ReadOnlySpan<byte> bytes, CancellationToken cancellation)
    {
        using var folder = new ScratchFolder();
        string input = folder.Combine("in.bpg"), output = folder.Combine("out.ppm");
        File.WriteAllBytes(input, bytes);
        ChildProcess.Run(_decoder, ["-o", output, input], ReadOnlyMemory<byte>.Empty, TimeLimit, cancellation);
        return PlainPpm.Read(File.ReadAllBytes(output));
    }

    [GeneratedRegex(@"-e encoder[^(]*\(([^)]*)\)")]
    private static partial Regex EncoderList();

    [GeneratedRegex(@"Encoder version (\S+)")]
    private static partial Regex VersionText();
}

/// <summary>Reads the 8-bit binary PPM (P6) or PGM (P5) that bpgdec writes: "P6 width height 255", one white space, the samples.</summary>
internal static class PlainPpm
{
    /// <exception cref="InvalidDataException">Something else, or too short.</exception>
    public static ImageBuffer Read(ReadOnlySpan<byte> file)
    {
        string kind = NextWord(ref file);
        if (kind is not ("P5" or "P6"))
            throw new InvalidDataException("not a PPM picture");
        int width = Number(ref file), height = Number(ref file), maximum = Number(ref file);
        if (width < 1 || height < 1 || maximum != 255)
            throw new InvalidDataException("not an 8-bit PPM picture");
        var image = new ImageBuffer(width, height, kind == "P5" ? ColourModel.Gray : ColourModel.Rgb);
        if (file.Length < image.Data.Length)
            throw new InvalidDataException("the PPM picture is cut short");
        file[..image.Data.Length].CopyTo(image.Data);
        return image;
    }

    private static int Number(ref ReadOnlySpan<byte> file) =>
        int.TryParse(NextWord(ref file), NumberStyles.None, CultureInfo.InvariantCulture, out int number) ? number : 0;

    // A word and the one white-space byte after it; bpgdec writes no comments.
    private static string NextWord(ref ReadOnlySpan<byte> file)
    {
        int end = file.IndexOfAny(" \n\r\t"u8);
        if (end < 0)
            throw new InvalidDataException("the PPM header is cut short");
        string word = Encoding.ASCII.GetString(file[..end]);
        file = file[(end + 1)..];
        return word;
    }
}

/// <summary>Writes 8-bit gray or RGB as PNG without row filters: the one lossless format that bpgenc reads.</summary>
internal static class PlainPng
{
    public static void Write(ImageBuffer image, string path)
    {
        using var file = File.Create(path);
        file.Write([0x89, .. "PNG\r\n"u8, 0x1a, (byte)'\n']);
        byte[] header = new byte[13];
        BinaryPrimitives.WriteInt32BigEndian(header, image.Width);
        BinaryPrimitives.WriteInt32BigEndian(header.AsSpan(4), image.Height);
        header[8] = 8;
        header[9] = (byte)(image.Bands == 1 ? 0 : 2); // colour type: gray or RGB
        WriteChunk(file, "IHDR"u8, header);
        WriteChunk(file, "IDAT"u8, Deflate(image));
        WriteChunk(file, "IEND"u8, []);
    }

    private static byte[] Deflate(ImageBuffer image)
    {
        using var bytes = new MemoryStream();
        using (var zlib = new ZLibStream(bytes, CompressionLevel.Fastest))
        {
            int stride = image.Width * image.Bands;
            for (int y = 0; y < image.Height; y++)
            {
                zlib.WriteByte(0); // filter: none
                zlib.Write(image.Data, y * stride, stride);
            }
        }

        return bytes.ToArray();
    }

    private static void WriteChunk(Stream file, ReadOnlySpan<byte> type, ReadOnlySpan<byte> data)
    {
        Span<byte> number = stackalloc byte[4];
        BinaryPrimitives.WriteInt32BigEndian(number, data.Length);
        file.Write(number);
        file.Write(type);
        file.Write(data);
        BinaryPrimitives.WriteUInt32BigEndian(number, Crc32.Of(type, data));
        file.Write(number);
    }
}
