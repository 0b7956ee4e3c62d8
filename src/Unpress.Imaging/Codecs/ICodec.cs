using System.Text.Json;
using Unpress.Imaging.Formats;

namespace Unpress.Imaging.Codecs;

/// <summary>A way to lose some of a picture: image to bytes and back.</summary>
public interface ICodec
{
    /// <summary>Name on the command line: jpeg, hevc, webp, avif, jp2.</summary>
    string Name { get; }

    /// <summary>One line for help texts.</summary>
    string Summary { get; }

    /// <summary>QF or QP: the field's word for this codec's quality scale, with its direction.</summary>
    string QualityName { get; }

    /// <summary>Some qualities and the PSNR that they gave photographs (docs/codecs.md); null where nobody has measured it.</summary>
    string? QualityExamples => null;

    int MinQuality { get; }

    int MaxQuality { get; }

    /// <summary>What <see cref="CodecSettings.Subsampling"/> may be; the first is the codec's usual one.</summary>
    IReadOnlyList<ChromaSubsampling> Subsamplings => [ChromaSubsampling.C420, ChromaSubsampling.C422, ChromaSubsampling.C444];

    /// <summary>Side in pixels of the largest block that is coded as one: where patches begin that shall lie on the grid.</summary>
    int CodingUnit => 16;

    /// <summary>Extension with dot of a file that holds the bytes.</summary>
    string Extension { get; }

    /// <summary>Encoder library and version as found on this machine.</summary>
    string Encoder { get; }

    /// <summary>8-bit gray or RGB, no alpha.</summary>
    Encoded Encode(ImageBuffer image, CodecSettings settings, CancellationToken cancellation = default);

    /// <summary>The pixels of bytes that <see cref="Encode"/> made. Codecs without gray give a gray picture back as RGB.</summary>
    ImageBuffer Decode(ReadOnlySpan<byte> bytes, CancellationToken cancellation = default);
}

/// <summary>How strongly to compress: <paramref name="Quality"/> in the codec's own scale (QF, QP, …).</summary>
public sealed record CodecSettings(int Quality, ChromaSubsampling Subsampling = ChromaSubsampling.C420);

/// <summary>A compressed picture: exactly the bytes that count for bits per pixel.</summary>
public sealed record Encoded(byte[] Bytes, int Width, int Height)
{
    public double BitsPerPixel => Bytes.LongLength * 8.0 / ((long)Width * Height);
}

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

/// <summary>Versions of the libraries linked into the package's libvips, which has no functions that tell them: the package lists them.</summary>
internal static class LibraryVersion
{
    private const string Unknown = "of unknown version";

    private static readonly Lazy<Dictionary<string, string>> Packaged = new(Read);

    /// <param name="part">As the list calls it: webp, aom, heif.</param>
    /// <returns>"of unknown version" where another libvips was put into the package's place.</returns>
    /// <exception cref="DllNotFoundException">There is no libvips.</exception>
    public static string Of(string part) =>
        Packaged.Value.GetValueOrDefault("vips") == VipsSession.Version ? Packaged.Value.GetValueOrDefault(part, Unknown) : Unknown;

    private static Dictionary<string, string> Read()
    {
        using Stream list = typeof(LibraryVersion).Assembly.GetManifestResourceStream("libvips.versions.json")!;
        using var parsed = JsonDocument.Parse(list);
        return parsed.RootElement.EnumerateObject().ToDictionary(entry => entry.Name, entry => entry.Value.GetString() ?? "");
    }
}
