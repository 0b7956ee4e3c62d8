using System.Collections.Concurrent;
using System.Text;
using System.Text.RegularExpressions;
using Unpress.Imaging.Colour;
using Unpress.Imaging.Processes;

namespace Unpress.Imaging.Codecs.Hevc;

/// <summary>
/// x265 and HEVC decoding in ffmpeg child processes: raw planes in, an Annex B stream out, and back. Nothing but our own conversion
/// (<see cref="YccConversion"/>) stands between RGB and the planes that are coded.
/// </summary>
internal sealed partial class X265
{
    /// <summary>The smallest picture x265 takes is one coding tree unit.</summary>
    private const int CodingTreeUnit = 64;

    // ipratio=1: without it, constant-QP mode codes the I frame 3 QP below what was asked (x265's --ipratio is 1.4).
    // The psychovisual tools and adaptive quantisation are off (-tune psnr, aq-mode=0), deblocking, SAO, RDOQ and sign hiding are on.
    // One thread and no wavefronts: those would cost bits, and pictures are compressed side by side anyway.
    // info=0 leaves out the text that x265 otherwise writes about itself into the stream.
    private const string Parameters =
        "ipratio=1:aq-mode=0:cutree=0:keyint=1:rdoq-level=2:tskip=1:tu-intra-depth=3:sao=1:deblock=0,0"
        + ":range=full:colormatrix=smpte170m:chromaloc=1"
        + ":wpp=0:pools=none:frame-threads=1:info=0:log-level=error";

    private static readonly ConcurrentDictionary<string, X265> Known = new();

    private readonly string _ffmpeg;

    private X265(string ffmpeg)
    {
        _ffmpeg = ffmpeg;
        Encoder = ReadVersions(ffmpeg);
    }

    /// <summary>x265 and ffmpeg with their versions.</summary>
    public string Encoder { get; }

    /// <exception cref="MissingToolException">No ffmpeg on PATH, or one without x265.</exception>
    public static X265 Find()
    {
        string path = ProgramFinder.Find("ffmpeg")
            ?? throw new MissingToolException("ffmpeg", "the hevc codec needs it on PATH; on Debian: apt-get install ffmpeg");
        return Known.GetOrAdd(path, found => new X265(found));
    }

    public byte[] Encode(ImageBuffer image, CodecSettings settings, CancellationToken cancellation)
    {
        var planes = YccConversion.FromPixels(image, settings.Subsampling);
        // Even sizes, so that whole chroma samples remain; the stream's own conformance window does the rest.
        var padded = planes.Resize(PaddedSize(planes.Width), PaddedSize(planes.Height));
        string[] arguments =
        [
            "-hide_banner", "-loglevel", "error",
            "-f", "rawvideo", "-pix_fmt", PixelFormat(padded.Subsampling), "-color_range", "pc",
            "-video_size", $"{padded.Width}x{padded.Height}", "-i", "pipe:0",
            "-frames:v", "1", "-c:v", "libx265", "-preset", "veryslow", "-tune", "psnr",
            "-x265-params", $"qp={settings.Quality}:{Parameters}", "-f", "hevc", "pipe:1",
        ];
        byte[] stream = ChildProcess.Run(_ffmpeg, arguments, padded.Data, TimeLimit(padded), cancellation);
        return padded == planes ? stream : [.. stream, .. SizeUnit.Write(planes.Width, planes.Height)];
    }

    public ImageBuffer Decode(ReadOnlySpan<byte> stream, CancellationToken cancellation)
    {
        string[] arguments =
        [
            "-hide_banner", "-loglevel", "error", "-xerror", "-err_detect", "explode", "-threads", "1",
            "-max_pixels", "268435456", "-f", "hevc", "-i", "pipe:0",
            "-frames:v", "1", "-f", "yuv4mpegpipe", "-strict", "-1", "pipe:1",
        ];
        byte[] video = ChildProcess.Run(_ffmpeg, arguments, stream.ToArray(), TimeSpan.FromMinutes(2), cancellation);
        var planes = Yuv4Mpeg.Read(video);
        if (SizeUnit.Read(stream) is var (width, height))
        {
            if (width > planes.Width || height > planes.Height)
                throw new InvalidDataException($"the stream holds {planes.Width}x{planes.Height} pixels and claims {width}x{height}");
            planes = planes.Resize(width, height);
        }

        return YccConversion.ToPixels(planes);
    }

    private static int PaddedSize(int size) => Math.Max(CodingTreeUnit, (size + 1) / 2 * 2);

    private static string PixelFormat(ChromaSubsampling? subsampling) => subsampling switch
    {
        null => "gray",
        ChromaSubsampling.C420 => "yuv420p",
        ChromaSubsampling.C422 => "yuv422p",
        _ => "yuv444p",
    };

    // About twenty times what two slow cores need.
    private static TimeSpan TimeLimit(YccImage planes) => TimeSpan.FromSeconds(60 + (planes.Width * (double)planes.Height / 20_000));

    // x265 states its version only while it encodes, so it encodes one black block.
    private static string ReadVersions(string ffmpeg)
    {
        string[] arguments =
        [
            "-f", "lavfi", "-i", $"color=size={CodingTreeUnit}x{CodingTreeUnit}", "-frames:v", "1",
            "-c:v", "libx265", "-x265-params", "pools=none", "-f", "null", "-",
        ];
        var result = ChildProcess.Start(ffmpeg, arguments, ReadOnlyMemory<byte>.Empty, TimeSpan.FromMinutes(1), CancellationToken.None);
        if (result.ExitCode != 0)
            throw new MissingToolException("x265", $"{ffmpeg} was built without libx265; on Debian: apt-get install ffmpeg");
        return $"x265 {X265Version().Match(result.Errors).Groups[1].Value} (ffmpeg {FfmpegVersion().Match(result.Errors).Groups[1].Value})";
    }

    [GeneratedRegex(@"HEVC encoder version (\S+)")]
    private static partial Regex X265Version();

    [GeneratedRegex(@"^ffmpeg version (\S+)")]
    private static partial Regex FfmpegVersion();
}

/// <summary>Reads the first frame of a YUV4MPEG2 stream: a text line with size and chroma format, then FRAME and the raw planes.</summary>
internal static class Yuv4Mpeg
{
    /// <exception cref="InvalidDataException">No frame, more than 8 bits, or not full range.</exception>
    public static YccImage Read(ReadOnlySpan<byte> video)
    {
        int headerEnd = video.IndexOf((byte)'\n');
        if (headerEnd < 0 || !video.StartsWith("YUV4MPEG2 "u8))
            throw new InvalidDataException("the decoder gave no picture");
        string[] words = Encoding.ASCII.GetString(video[..headerEnd]).Split(' ');
        if (Value(words, "XCOLORRANGE=") != "FULL")
            throw new InvalidDataException("only full-range (0-255) streams are read; this one is a video's");
        var frame = video[(headerEnd + 1)..];
        int frameEnd = frame.IndexOf((byte)'\n');
        if (frameEnd < 0)
            throw new InvalidDataException("the stream holds no whole picture");
        var empty = new YccImage(int.Parse(Value(words, "W")), int.Parse(Value(words, "H")), Subsampling(Value(words, "C")));
        if (frame.Length - frameEnd - 1 < empty.Data.Length)
            throw new InvalidDataException("the stream holds no whole picture");
        frame.Slice(frameEnd + 1, empty.Data.Length).CopyTo(empty.Data);
        return empty;
    }

    private static string Value(string[] words, string key) =>
        words.Skip(1).FirstOrDefault(word => word.StartsWith(key, StringComparison.Ordinal))?[key.Length..] ?? "";

    private static ChromaSubsampling? Subsampling(string name) => name switch
    {
        "mono" => null,
        "420jpeg" or "420mpeg2" => ChromaSubsampling.C420,
        "422" => ChromaSubsampling.C422,
        "444" => ChromaSubsampling.C444,
        _ => throw new InvalidDataException($"chroma format {name} is not read (8-bit 4:0:0, 4:2:0, 4:2:2 and 4:4:4 are)"),
    };
}

/// <summary>
/// The size of a picture that was padded before coding, as a last NAL unit of 8 to 12 bytes: HEVC's cropping window counts in chroma samples and cannot
/// state odd sizes. The unit has type 62, which the standard (ITU-T H.265, table 7-1) leaves to applications and tells decoders to skip.
/// Width and height follow in groups of 7 bits, highest first, the top bit set in all but the last; then a stop bit.
/// </summary>
internal static class SizeUnit
{
    private static ReadOnlySpan<byte> Start => [0, 0, 1, 62 << 1, 1];

    public static byte[] Write(int width, int height) => [.. Start, .. Groups(width), .. Groups(height), 0x80];

    /// <summary>The size at the end of the stream, or null when there is none.</summary>
    public static (int Width, int Height)? Read(ReadOnlySpan<byte> stream)
    {
        int at = stream.LastIndexOf(Start);
        if (at < 0)
            return null;
        var rest = stream[(at + Start.Length)..];
        int width = Number(ref rest), height = Number(ref rest);
        return width > 0 && height > 0 && rest.SequenceEqual<byte>([0x80])
            ? (width, height)
            : throw new InvalidDataException("the size unit at the end of the stream is damaged");
    }

    // A zero byte can only be the last of a group of a multiple of 128, and no number begins with one: two zeros in a row,
    // which would look like the start of another unit, cannot happen.
    private static List<byte> Groups(int number)
    {
        var groups = new List<byte> { (byte)(number & 0x7f) };
        for (number >>= 7; number > 0; number >>= 7)
            groups.Insert(0, (byte)(0x80 | (number & 0x7f)));
        return groups;
    }

    private static int Number(ref ReadOnlySpan<byte> bytes)
    {
        int number = 0;
        for (int i = 0; i < Math.Min(bytes.Length, 4); i++)
        {
            number = (number << 7) | (bytes[i] & 0x7f);
            if (bytes[i] < 0x80)
            {
                bytes = bytes[(i + 1)..];
                return number;
            }
        }

        return 0;
    }
}
