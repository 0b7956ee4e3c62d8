using System.Collections.Concurrent;
using System.Globalization;
using System.Text.RegularExpressions;
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
