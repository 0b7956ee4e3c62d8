using System.Text;
using Unpress.Imaging.Colour;

namespace Unpress.Imaging.Codecs.Hevc;

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
