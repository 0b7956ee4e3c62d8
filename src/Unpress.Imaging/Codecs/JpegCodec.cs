using Unpress.Imaging.Jpeg;

namespace Unpress.Imaging.Codecs;

/// <summary>
/// Baseline JPEG by libjpeg with its defaults, which are also those of OpenCV and Pillow: IJG tables scaled by the quality
/// factor and clamped to 255, standard Huffman tables, slow integer DCT both ways, fancy upsampling. Thread safe.
/// </summary>
public sealed unsafe class JpegCodec : ICodec
{
    public static JpegCodec Instance { get; } = new();

    public string Name => "jpeg";

    public string Summary => "JPEG (ITU-T T.81) with the IJG quantisation tables";

    public string QualityName => "QF (1-100, higher is better)";

    public int MinQuality => 1;

    public int MaxQuality => 100;

    public string Extension => ".jpg";

    public string Encoder
    {
        get
        {
            byte* text;
            Native.Check(Native.image_jpeg_version(&text));
            return Native.Text(text);
        }
    }

    public Encoded Encode(ImageBuffer image, CodecSettings settings, CancellationToken cancellation = default)
    {
        cancellation.ThrowIfCancellationRequested();
        if (image.Model == ColourModel.Cmyk || image.HasAlpha || image.BitsPerSample != 8)
            throw new ArgumentException("the JPEG codec takes 8-bit gray or RGB without alpha", nameof(image));
        ArgumentOutOfRangeException.ThrowIfLessThan(settings.Quality, MinQuality);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(settings.Quality, MaxQuality);
        byte* bytes;
        long length;
        fixed (byte* pixels = image.Data)
        {
            Native.Check(Native.image_jpeg_encode(
                pixels, image.Width, image.Height, image.Bands, settings.Quality, (int)settings.Subsampling, &bytes, &length));
        }
        return new Encoded(Native.Take(bytes, length), image.Width, image.Height);
    }

    /// <exception cref="NativeImageException">Not a JPEG, damaged, truncated, or neither gray nor three-band.</exception>
    public ImageBuffer Decode(ReadOnlySpan<byte> bytes, CancellationToken cancellation = default)
    {
        cancellation.ThrowIfCancellationRequested();
        fixed (byte* input = bytes)
        {
            int width, height, bands;
            Native.Check(Native.image_jpeg_size(input, bytes.Length, &width, &height, &bands));
            if (bands is not (1 or 3))
                throw new NativeImageException($"a JPEG with {bands} bands is neither gray nor RGB");
            var image = new ImageBuffer(width, height, bands == 1 ? ColourModel.Gray : ColourModel.Rgb);
            fixed (byte* pixels = image.Data)
            {
                Native.Check(Native.image_jpeg_decode(input, bytes.Length, pixels, image.Data.LongLength, 1));
            }
            image.Metadata.SourceFormat = Name;
            image.Metadata.Jpeg = JpegAnatomy.Read(bytes, Name);
            image.Metadata.JpegFile = bytes.ToArray();
            return image;
        }
    }

    /// <summary>
    /// Compresses and decompresses height × width × bands interleaved 8-bit samples in one call, with buffers that stay with the
    /// thread: made for training patches.
    /// </summary>
    /// <param name="bands">1 (gray) or 3 (RGB).</param>
    /// <param name="output">As large as <paramref name="interleaved"/>; may be the same memory.</param>
    /// <returns>The number of bytes the JPEG took, headers included.</returns>
    public static long Roundtrip(
        ReadOnlySpan<byte> interleaved, int width, int height, int bands, int quality, ChromaSubsampling subsampling, Span<byte> output)
    {
        long expected = (long)width * height * bands;
        if (interleaved.Length != expected || output.Length != expected)
            throw new ArgumentException($"{width}x{height} with {bands} bands needs {expected} bytes, got {interleaved.Length} and {output.Length}");
        long length;
        fixed (byte* from = interleaved, to = output)
        {
            Native.Check(Native.image_jpeg_roundtrip(from, width, height, bands, quality, (int)subsampling, to, &length));
        }
        return length;
    }
}
