using Unpress.Imaging.Formats;

namespace Unpress.Imaging.Codecs;

/// <summary>What every codec refuses at its door, and how files become pixels again.</summary>
internal static class CodecInput
{
    /// <exception cref="ArgumentException">The picture is not 8-bit gray or RGB without alpha.</exception>
    /// <exception cref="ArgumentOutOfRangeException">The quality is outside the codec's range.</exception>
    public static void Check(ICodec codec, ImageBuffer image, CodecSettings settings)
    {
        if (settings.Quality < codec.MinQuality || settings.Quality > codec.MaxQuality)
            throw new ArgumentOutOfRangeException(nameof(settings), settings.Quality, $"{codec.Name} takes {codec.QualityName}");
        if (image.Model != ColourModel.Gray && !codec.Subsamplings.Contains(settings.Subsampling))
            throw new ArgumentException($"{codec.Name} cannot code chroma subsampling {settings.Subsampling}", nameof(settings));
        if (image.BitsPerSample != 8 || image.HasAlpha || image.Model == ColourModel.Cmyk)
            throw new ArgumentException($"{codec.Name} takes 8-bit gray or RGB pictures without alpha", nameof(image));
    }

    /// <summary>The pixels of a file in memory.</summary>
    /// <exception cref="InvalidDataException">Another format, damaged, or over the default limits.</exception>
    public static ImageBuffer Decode(ReadOnlySpan<byte> bytes, ImageFormat format, Func<byte[], string, ImageFormat, ImageLimits, ImageBuffer> read)
    {
        try
        {
            return read(bytes.ToArray(), ImageFormats.Name(format), format, ImageLimits.Default);
        }
        catch (InvalidFileException error)
        {
            throw new InvalidDataException(error.Message, error);
        }
    }
}
