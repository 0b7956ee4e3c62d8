using Unpress.Imaging.Colour;
using Unpress.Imaging.Formats;

namespace Unpress.Imaging.Codecs;

/// <summary>
/// Lossy WebP by the libwebp in libvips with its default settings (method 4, 4:2:0, BT.601 with limited range). The format has no gray:
/// a gray picture is coded as RGB with equal bands, and comes back as RGB.
/// </summary>
public sealed class WebPCodec : ICodec
{
    public string Name => "webp";

    public string Summary => "Lossy WebP (VP8) through libwebp";

    public string QualityName => "quality (0-100, higher is better)";

    public string QualityExamples => "10 for 28 dB, 50 for 32 dB, 80 for 35 dB";

    public int MinQuality => 0;

    public int MaxQuality => 100;

    public IReadOnlyList<ChromaSubsampling> Subsamplings { get; } = [ChromaSubsampling.C420];

    public string Extension => ".webp";

    public string Encoder => $"libwebp {LibraryVersion.Of("webp")}";

    /// <exception cref="NativeImageException">Over 16383 pixels a side.</exception>
    public Encoded Encode(ImageBuffer image, CodecSettings settings, CancellationToken cancellation = default)
    {
        cancellation.ThrowIfCancellationRequested();
        CodecInput.Check(this, image, settings);
        return new Encoded(VipsWriter.EncodeWebp(PixelConversion.ToRgb(image), settings.Quality, lossless: false), image.Width, image.Height);
    }

    /// <exception cref="InvalidDataException">Not a WebP, or damaged.</exception>
    public ImageBuffer Decode(ReadOnlySpan<byte> bytes, CancellationToken cancellation = default)
    {
        cancellation.ThrowIfCancellationRequested();
        return CodecInput.Decode(bytes, ImageFormat.Webp, static (file, name, format, limits) => VipsReader.Read(file, name, format, limits));
    }
}
