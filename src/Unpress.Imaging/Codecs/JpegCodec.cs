using Unpress.Imaging.Jpeg;

namespace Unpress.Imaging.Codecs;

/// <summary>
/// Baseline JPEG, bit for bit as libjpeg-turbo makes and decodes it with its defaults, which are also those of OpenCV and Pillow: IJG
/// tables scaled by the quality factor and clamped to 255, standard Huffman tables, slow integer DCT both ways, fancy upsampling.
/// Thread safe.
/// </summary>
public sealed unsafe class JpegCodec : ICodec
{
    [ThreadStatic]
    private static JpegPlanes? _patch;

    public static JpegCodec Instance { get; } = new();

    public string Name => "jpeg";

    public string Summary => "JPEG (ITU-T T.81) with the IJG quantisation tables";

    public string QualityName => "QF (1-100, higher is better)";

    public string QualityExamples => "10 for 26 dB, 40 for 30 dB, 90 for 37 dB";

    public int MinQuality => 1;

    public int MaxQuality => 100;

    public string Extension => ".jpg";

    public string Encoder { get; } = $"Unpress {typeof(JpegCodec).Assembly.GetName().Version?.ToString(3)} (the bits of libjpeg-turbo)";

    public Encoded Encode(ImageBuffer image, CodecSettings settings, CancellationToken cancellation = default)
    {
        cancellation.ThrowIfCancellationRequested();
        if (image.Model == ColourModel.Cmyk || image.HasAlpha || image.BitsPerSample != 8)
            throw new ArgumentException("the JPEG codec takes 8-bit gray or RGB without alpha", nameof(image));
        ArgumentOutOfRangeException.ThrowIfLessThan(settings.Quality, MinQuality);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(settings.Quality, MaxQuality);
        byte[] bytes = JpegEncoder.Encode(image.Data, image.Width, image.Height, image.Bands, settings.Quality, settings.Subsampling);
        return new Encoded(bytes, image.Width, image.Height);
    }

    /// <exception cref="InvalidDataException">Not a JPEG, damaged, truncated, or neither gray nor three-band.</exception>
    public ImageBuffer Decode(ReadOnlySpan<byte> bytes, CancellationToken cancellation = default)
    {
        cancellation.ThrowIfCancellationRequested();
        try
        {
            var coefficients = JpegCoefficients.Read(bytes, Name);
            JpegAnatomy anatomy = coefficients.Anatomy;
            if (anatomy.Components.Count is not (1 or 3))
                throw new InvalidFileException(Name, $"a JPEG with {anatomy.Components.Count} bands is neither gray nor RGB");
            ColourModel model = anatomy.Components.Count == 1 ? ColourModel.Gray : ColourModel.Rgb;
            var image = new ImageBuffer(anatomy.Width, anatomy.Height, model, data: coefficients.ToPixels(Name));
            image.Metadata.SourceFormat = Name;
            image.Metadata.Jpeg = anatomy;
            image.Metadata.JpegFile = bytes.ToArray();
            return image;
        }
        catch (InvalidFileException error)
        {
            throw new InvalidDataException(error.Message, error);
        }
    }

    /// <summary>
    /// Compresses and decompresses height × width × bands interleaved 8-bit samples in one call, without the coding that loses
    /// nothing and with buffers that stay with the thread: made for training patches.
    /// </summary>
    /// <param name="bands">1 (gray) or 3 (RGB).</param>
    /// <param name="output">As large as <paramref name="interleaved"/>; may be the same memory.</param>
    public static void Roundtrip(
        ReadOnlySpan<byte> interleaved, int width, int height, int bands, int quality, ChromaSubsampling subsampling, Span<byte> output)
    {
        if (width < 1 || height < 1 || bands is not (1 or 3) || !Enum.IsDefined(subsampling))
            throw new ArgumentException($"{width}x{height} with {bands} bands is not a gray or colour picture");
        long expected = (long)width * height * bands;
        if (interleaved.Length != expected || output.Length != expected)
        {
            throw new ArgumentException(
                $"{width}x{height} with {bands} bands needs {expected} bytes, got {interleaved.Length} and {output.Length}");
        }

        ArgumentOutOfRangeException.ThrowIfLessThan(quality, 1);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(quality, 100);
        JpegPlanes planes = _patch ??= new JpegPlanes();
        var layout = JpegLayout.For(width, height, bands, subsampling);
        Quantiser luma = Quantiser.Luma(quality), chroma = Quantiser.Chroma(quality);
        planes.Arrange(layout, layout.UnitsHigh);
        fixed (byte* from = interleaved, to = output)
        {
            planes.Sample(from, 0);
            planes.RoundTrip([luma, chroma, chroma]);
            planes.Render(to, bands == 1 ? JpegColourSpace.Gray : JpegColourSpace.YCbCr);
        }

        // A large picture's memory is not kept for the thread's life.
        if (planes.Capacity > 4u << 20)
            planes.Dispose();
    }
}
