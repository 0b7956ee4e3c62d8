using System.Collections.Concurrent;
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
