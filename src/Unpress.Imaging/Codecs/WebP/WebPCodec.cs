using Unpress.Imaging.Formats;

namespace Unpress.Imaging.Codecs.WebP;

/// <summary>
/// Lossy WebP by libwebp with its default settings (method 4, 4:2:0, BT.601 with limited range). The format has no gray:
/// a gray picture is coded as RGB with equal bands, and comes back as RGB.
/// </summary>
public sealed class WebPCodec : ICodec
{
    private const int Method = 4;

    public string Name => "webp";

    public string Summary => "Lossy WebP (VP8) through libwebp";

    public string QualityName => "quality (0-100, higher is better)";

    public int MinQuality => 0;

    public int MaxQuality => 100;

    public IReadOnlyList<ChromaSubsampling> Subsamplings { get; } = [ChromaSubsampling.C420];

    public string Extension => ".webp";

    public string Encoder => $"libwebp {LibraryVersion.Packed("libwebp.so.7", "WebPGetEncoderVersion")}";

    /// <exception cref="NativeImageException">Over 16383 pixels a side.</exception>
    public Encoded Encode(ImageBuffer image, CodecSettings settings, CancellationToken cancellation = default)
    {
        cancellation.ThrowIfCancellationRequested();
        CodecInput.Check(this, image, settings);
        return VipsEncoder.Encode(VipsEncoder.WithThreeBands(image), ImageFormat.Webp, settings, Method);
    }

    /// <exception cref="InvalidDataException">Not a WebP, or damaged.</exception>
    public ImageBuffer Decode(ReadOnlySpan<byte> bytes, CancellationToken cancellation = default)
    {
        cancellation.ThrowIfCancellationRequested();
        return VipsEncoder.Decode(bytes, ImageFormat.Webp);
    }
}
