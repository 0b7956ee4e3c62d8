using System.Globalization;
using Unpress.Consistency;
using Unpress.Imaging;
using Unpress.Imaging.Formats;
using Unpress.Imaging.Jpeg;
using Unpress.Imaging.Metadata;
using Unpress.Inference;
using Unpress.Provenance;

namespace Unpress.Studio.Jobs;

/// <summary>What a picture file says of itself and of what was done to it, as numbers and in words.</summary>
/// <param name="Format">jpeg, png, …</param>
/// <param name="Quality">Quality factor of a JPEG's tables, 1..100; null for other formats.</param>
/// <param name="Subsampling">4:2:0 and the like; null for other formats.</param>
/// <param name="Enhanced">By what it was enhanced already; null when it says nothing of the kind.</param>
/// <param name="Provable">Whether a result can be shown to agree with the file.</param>
/// <param name="HasAlpha">Whether parts of it are transparent.</param>
/// <param name="Suggested">The strength to begin with, 0..100.</param>
/// <param name="Reason">Why that one.</param>
/// <param name="Words">What was found, for people, one sentence each.</param>
public sealed record Finding(
    int Width, int Height, string Format, double? Quality, string? Subsampling, int Bits, bool HasAlpha, string? Enhanced, bool Provable,
    double Suggested, string Reason, IReadOnlyList<string> Words)
{
    /// <param name="fullTo">Of the model that the picture goes through, as <see cref="Onnx.ModelFacts.FullTo"/>.</param>
    public static Finding Of(ImageBuffer image, int? fullTo = null)
    {
        var data = image.Metadata;
        double? quality = data.Jpeg?.Quality.Quality;
        string? enhanced = ProvenanceNote.Find(data)?.ToString();
        var words = new List<string> { First(image, quality) };
        if (data.Jpeg is { Subsampling: ChromaSubsampling.C420 or ChromaSubsampling.C422 })
            words.Add("Its colours were stored at half the size.");
        if (EarlierSave.Find(image) is { } earlier)
            words.Add(Earlier(earlier));
        if (enhanced is not null)
            words.Add($"It says that it has been enhanced already, by {enhanced}.");
        if (image.BitsPerSample == 16)
            words.Add("It has 16 bits a colour; they are kept.");
        if (image.HasAlpha)
            words.Add("It has transparent parts; they stay as they are.");
        words.AddRange(data.LeftOut.Select(left => Sentence(left)));
        return new Finding(
            image.Width, image.Height, data.SourceFormat ?? "", quality, data.Jpeg?.SubsamplingText, image.BitsPerSample, image.HasAlpha, enhanced,
            ConsistentPicture.Obstacle(data.Jpeg) is null, 100, ReasonOf(NearlyClean.Share(image, fullTo), quality), words);
    }

    private static string Earlier(EarlierSave earlier)
        => Text($"Its pixels show an earlier save as JPEG, at about quality {earlier.Quality}{((earlier.X, earlier.Y) == (0, 0) ? "" : "; it was cropped or moved since")}.");

    private static string First(ImageBuffer image, double? quality)
    {
        string size = Text($"{image.Width} × {image.Height}");
        return quality is { } number
            ? Text($"JPEG, {size}, saved at quality {number:0}: {Damage(number)}.")
            : $"{Name(image.Metadata.SourceFormat)}, {size}. The file does not say how it was compressed before.";
    }

    private static string Damage(double quality) => quality switch
    {
        < 25 => "heavy damage",
        < 55 => "visible damage",
        < 80 => "some damage",
        <= 90 => "little damage",
        _ => "hardly any damage",
    };

    private static string ReasonOf(double share, double? quality) => (share, quality) switch
    {
        (0, _) => "Nothing was lost that could be brought back: the picture stays as it is.",
        ( < 1, { } number) => Text($"At quality {number:0} a part of the correction is best: at 100 you get {share * 100:0} % of it."),
        (_, null) => "All of the correction. Turn it down if it is too much.",
        _ => "All of the correction helps at this quality.",
    };

    private static string Name(string? format) => format is null ? "Picture" : ImageFormats.Label(format);

    private static string Sentence(string phrase) => phrase.Length == 0 ? "" : char.ToUpperInvariant(phrase[0]) + phrase[1..] + ".";

    private static string Text(FormattableString text) => text.ToString(CultureInfo.InvariantCulture);
}
