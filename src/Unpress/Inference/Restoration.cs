using System.Diagnostics;
using Unpress.Consistency;
using Unpress.Imaging;
using Unpress.Imaging.Codecs;
using Unpress.Imaging.Colour;
using Unpress.Imaging.Jpeg;

namespace Unpress.Inference;

/// <summary>
/// One picture in an experiment: it is compressed, then enhanced once or several times, and between two enhancements it may be saved with loss again.
/// Every table of quality is made by these steps. Each step returns a new state and leaves the earlier ones as they are, so that several enhancers can
/// start from one compressed picture.
/// </summary>
public sealed record Restoration
{
    /// <summary>The undamaged picture that everything is compared with.</summary>
    public required ImageBuffer Original { get; init; }

    /// <summary>What came out of the first file; it has that file's metadata.</summary>
    public required ImageBuffer Compressed { get; init; }

    /// <summary>The picture as it is now: <see cref="Compressed"/> at first.</summary>
    public required ImageBuffer Image { get; init; }

    /// <summary>The file that the picture was last saved as.</summary>
    public required Encoded File { get; init; }

    /// <summary>What wrote <see cref="File"/>.</summary>
    public required ICodec Codec { get; init; }

    /// <summary>How many times the picture was enhanced.</summary>
    public int Cycle { get; init; }

    /// <summary>Seconds that the last enhancement took.</summary>
    public double Seconds { get; init; }

    /// <summary>Compresses the original: cycle 0.</summary>
    /// <param name="original">8-bit gray or RGB without alpha.</param>
    public static Restoration Compress(ImageBuffer original, ICodec codec, CodecSettings settings, CancellationToken cancellation)
    {
        var (file, picture) = Save(original, codec, settings, cancellation);
        return new Restoration { Original = original, Compressed = picture, Image = picture, File = file, Codec = codec };
    }

    /// <summary>Saves the picture with loss, as somebody would who sends it on; the cycle stays.</summary>
    public Restoration SavedAgain(ICodec codec, CodecSettings settings, CancellationToken cancellation)
    {
        var (file, picture) = Save(Image, codec, settings, cancellation);
        return this with { Image = picture, File = file, Codec = codec };
    }

    /// <summary>Enhances the picture once. The result keeps what a lossless file without metadata would keep: its pixels.</summary>
    /// <param name="enhance">Returns a picture of the same size.</param>
    /// <param name="consistent">Move the result into the quantisation cells of <see cref="File"/>, which counts as part of the enhancement.</param>
    /// <exception cref="InvalidDataException">The result should be consistent, and the file is no JPEG.</exception>
    public Restoration Enhanced(Func<ImageBuffer, ImageBuffer> enhance, bool consistent = false)
    {
        ArgumentNullException.ThrowIfNull(enhance);
        var watch = Stopwatch.StartNew();
        var image = enhance(Image);
        if (consistent)
            image = MadeConsistent(image);
        double seconds = watch.Elapsed.TotalSeconds;
        image.Metadata = new ImageMetadata();
        return this with { Image = image, Cycle = Cycle + 1, Seconds = seconds };
    }

    /// <summary>The picture as it is, moved into the quantisation cells of <see cref="File"/>; the cycle stays.</summary>
    /// <inheritdoc cref="Enhanced"/>
    public Restoration Consistent() => this with { Image = MadeConsistent(Image) };

    /// <summary>The coefficients that <see cref="File"/> stores.</summary>
    /// <exception cref="InvalidDataException">It is no JPEG.</exception>
    public JpegCoefficients ReadCoefficients() => Codec is JpegCodec
        ? JpegCoefficients.Read(File.Bytes, "picture")
        : throw new InvalidDataException("only a JPEG has cells to be consistent with");

    private ImageBuffer MadeConsistent(ImageBuffer image) => ConsistentPicture.Of(image, ReadCoefficients());

    private static (Encoded File, ImageBuffer Picture) Save(ImageBuffer image, ICodec codec, CodecSettings settings, CancellationToken cancellation)
    {
        var file = codec.Encode(image, settings, cancellation);
        var picture = codec.Decode(file.Bytes, cancellation);
        return (file, image.Model == ColourModel.Gray ? PixelConversion.ToGray(picture) : picture); // not every codec has gray
    }
}
