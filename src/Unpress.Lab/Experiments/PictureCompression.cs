using Unpress.Imaging;
using Unpress.Imaging.Codecs;
using Unpress.Imaging.Colour;
using Unpress.Lab.Recipes;
using Unpress.Lab.Results;

namespace Unpress.Lab.Experiments;

/// <summary>One way to compress a picture.</summary>
/// <param name="Drawn">It was drawn, so tables do not part its figures by codec and setting.</param>
internal sealed record PictureCompression(ICodec Codec, CodecSettings Settings, bool Drawn = false)
{
    /// <summary>The codec as figures have it.</summary>
    public string Label => Drawn ? Figure.Drawn : Codec.Name;

    public int? Setting => Drawn ? null : Settings.Quality;

    /// <summary>Codec and setting in words.</summary>
    public override string ToString() => $"{Codec.Name} {Settings.Quality}";

    /// <summary>Every setting of every codec.</summary>
    public static IReadOnlyList<PictureCompression> All(IEnumerable<CompressionSection> sections) =>
        [.. from section in sections
            let codec = CodecList.Find(section.Codec)
            from setting in section.Settings
            select new PictureCompression(codec, new CodecSettings(setting, section.Subsampling ?? codec.Subsamplings[0]))];

    /// <summary>The bytes and what comes back from them, gray where the picture is gray.</summary>
    public (Encoded Encoded, ImageBuffer Picture) Apply(ImageBuffer picture, CancellationToken cancellation)
    {
        var encoded = Codec.Encode(picture, Settings, cancellation);
        var decoded = Codec.Decode(encoded.Bytes, cancellation);
        return (encoded, picture.Model == ColourModel.Gray ? PixelConversion.ToGray(decoded) : decoded); // not every codec has gray
    }
}
