using Unpress.Imaging.Processes;

namespace Unpress.Imaging.Codecs.Hevc;

/// <summary>
/// One intra-coded HEVC picture with one quantisation parameter for every block, the "BPG" of the papers.
/// Where <c>bpgenc</c> and <c>bpgdec</c> are on PATH they are used and the bytes are a BPG file; elsewhere x265 through
/// <c>ffmpeg</c>, and the bytes are an HEVC elementary stream (see <see cref="X265"/> for its settings).
/// </summary>
public sealed class HevcCodec : ICodec
{
    public string Name => "hevc";

    public string Summary => "HEVC intra (BPG): x265 through ffmpeg, or bpgenc where it is installed";

    public int CodingUnit => 64;

    public string QualityName => "QP (0-51, lower is better)";

    public string QualityExamples => "42 for 26 dB, 37 for 29 dB, 22 for 38 dB";

    public int MinQuality => 0;

    public int MaxQuality => 51;

    /// <summary>.bpg with bpgenc, .hevc with ffmpeg.</summary>
    public string Extension => BpgTools.Find() is null ? ".hevc" : ".bpg";

    /// <exception cref="MissingToolException">Neither ffmpeg with x265 nor bpgenc is on PATH.</exception>
    public string Encoder => BpgTools.Find() is { } bpg ? bpg.Encoder : X265.Find().Encoder;

    /// <exception cref="MissingToolException">Neither ffmpeg with x265 nor bpgenc is on PATH.</exception>
    public Encoded Encode(ImageBuffer image, CodecSettings settings, CancellationToken cancellation = default)
    {
        CodecInput.Check(this, image, settings);
        byte[] bytes = BpgTools.Find() is { } bpg
            ? bpg.Encode(image, settings, cancellation)
            : X265.Find().Encode(image, settings, cancellation);
        return new Encoded(bytes, image.Width, image.Height);
    }

    /// <summary>Pixels of a stream or BPG file that <see cref="Encode"/> made.</summary>
    /// <exception cref="InvalidDataException">The bytes are something else, or damaged.</exception>
    /// <exception cref="MissingToolException">The decoder for these bytes is not on PATH.</exception>
    public ImageBuffer Decode(ReadOnlySpan<byte> bytes, CancellationToken cancellation = default)
    {
        try
        {
            if (!BpgTools.Recognizes(bytes))
                return X265.Find().Decode(bytes, cancellation);
            var bpg = BpgTools.Find() ?? throw new MissingToolException("bpgdec", "install libbpg's bpgenc and bpgdec on PATH");
            return bpg.Decode(bytes, cancellation);
        }
        catch (ProcessFailedException error)
        {
            throw new InvalidDataException($"not a readable HEVC picture: {error.Message}", error);
        }
    }
}
