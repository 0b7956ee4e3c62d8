using Unpress.Imaging.Formats;

namespace Unpress.Imaging.Codecs.Jpeg2000;

/// <summary>
/// Lossy JPEG 2000 (9/7 wavelet, one layer, one tile, 4:4:4) by OpenJPEG through libvips. Its quality is no index but a target: the PSNR, in dB,
/// at which OpenJPEG stops adding bits.
/// </summary>
public sealed class Jpeg2000Codec : ICodec
{
    public string Name => "jp2";

    public string Summary => "JPEG 2000 through OpenJPEG";

    public string QualityName => "target PSNR in dB (1-100, higher is better)";

    public int MinQuality => 1;

    public int MaxQuality => 100;

    // libvips 8.14 writes 4:2:0 files of odd sizes that it then cannot read; native/image_vips_save.cpp never asks for them.
    public IReadOnlyList<ChromaSubsampling> Subsamplings { get; } = [ChromaSubsampling.C444];

    public string Extension => ".jp2";

    public string Encoder => $"OpenJPEG {LibraryVersion.Text("libopenjp2.so.7", "opj_version")}";

    /// <exception cref="NativeImageException">This machine's libvips has no JPEG 2000 encoder.</exception>
    public Encoded Encode(ImageBuffer image, CodecSettings settings, CancellationToken cancellation = default)
    {
        cancellation.ThrowIfCancellationRequested();
        CodecInput.Check(this, image, settings);
        return VipsEncoder.Encode(image, ImageFormat.Jp2, settings, effort: 0);
    }

    /// <exception cref="InvalidDataException">Not a JPEG 2000 file, or damaged.</exception>
    public ImageBuffer Decode(ReadOnlySpan<byte> bytes, CancellationToken cancellation = default)
    {
        cancellation.ThrowIfCancellationRequested();
        return VipsEncoder.Decode(bytes, ImageFormat.Jp2);
    }
}
