using Unpress.Imaging.Formats;

namespace Unpress.Imaging.Codecs;

/// <summary>
/// AVIF with 8 bits by libaom through libheif and libvips, effort 4 of 9. The bytes are the whole file, container included
/// (some 300 bytes). Quality is libheif's: it maps 100 to 0 onto AV1's quantiser 0 to 63. Gray comes back as RGB.
/// </summary>
public sealed class AvifCodec : ICodec
{
    public string Name => "avif";

    public string Summary => "AVIF (AV1 intra) through libaom";

    public int CodingUnit => 64;

    public string QualityName => "quality (1-100, higher is better)";

    public string QualityExamples => "20 for 27 dB, 50 for 32 dB, 80 for 38 dB";

    public int MinQuality => 1;

    public int MaxQuality => 100;

    public IReadOnlyList<ChromaSubsampling> Subsamplings { get; } = [ChromaSubsampling.C420, ChromaSubsampling.C444];

    public string Extension => ".avif";

    public string Encoder =>
        $"libaom {LibraryVersion.Of("aom")} (libheif {LibraryVersion.Of("heif")}, libvips {VipsSession.Version})";

    /// <exception cref="NativeImageException">The encoder refused.</exception>
    public Encoded Encode(ImageBuffer image, CodecSettings settings, CancellationToken cancellation = default)
    {
        cancellation.ThrowIfCancellationRequested();
        CodecInput.Check(this, image, settings);
        return new Encoded(VipsWriter.EncodeAvif(image, settings.Quality, settings.Subsampling), image.Width, image.Height);
    }

    /// <exception cref="InvalidDataException">Not an AVIF, or damaged.</exception>
    public ImageBuffer Decode(ReadOnlySpan<byte> bytes, CancellationToken cancellation = default)
    {
        cancellation.ThrowIfCancellationRequested();
        return CodecInput.Decode(bytes, ImageFormat.Avif, static (file, name, format, limits) => VipsReader.Read(file, name, format, limits));
    }
}
