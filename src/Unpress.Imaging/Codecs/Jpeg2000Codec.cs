using Unpress.Imaging.Formats;
using Unpress.Imaging.Processes;

namespace Unpress.Imaging.Codecs;

/// <summary>
/// Lossy JPEG 2000 (9/7 wavelet, one layer, one tile, 4:4:4) by OpenJPEG's own programs. Its quality is no index but a target: the PSNR, in dB,
/// at which OpenJPEG stops adding bits.
/// </summary>
public sealed class Jpeg2000Codec : ICodec
{
    public string Name => "jp2";

    public string Summary => "JPEG 2000 through OpenJPEG's opj_compress";

    public string QualityName => "target PSNR in dB (1-100, higher is better)";

    public string QualityExamples => "28 for 28 dB, 32 for 32 dB, 40 for 40 dB";

    public int MinQuality => 1;

    public int MaxQuality => 100;

    public IReadOnlyList<ChromaSubsampling> Subsamplings { get; } = [ChromaSubsampling.C444];

    public string Extension => ".jp2";

    /// <exception cref="MissingToolException">opj_compress is not on PATH.</exception>
    public string Encoder => Jp2Programs.Version;

    /// <exception cref="MissingToolException">opj_compress is not on PATH.</exception>
    /// <exception cref="NativeImageException">It refused.</exception>
    public Encoded Encode(ImageBuffer image, CodecSettings settings, CancellationToken cancellation = default)
    {
        CodecInput.Check(this, image, settings);
        try
        {
            return new Encoded(Jp2Programs.Encode(image, settings.Quality, cancellation), image.Width, image.Height);
        }
        catch (ProcessFailedException error)
        {
            throw new NativeImageException(error.Message);
        }
    }

    /// <exception cref="InvalidDataException">Not a JPEG 2000 file, or damaged.</exception>
    public ImageBuffer Decode(ReadOnlySpan<byte> bytes, CancellationToken cancellation = default) =>
        CodecInput.Decode(bytes, ImageFormat.Jp2, (file, name, _, limits) => Jp2Programs.Read(file, name, limits, cancellation));
}
