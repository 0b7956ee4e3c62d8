using System.Globalization;
using System.Net;
using Unpress.Imaging;
using Unpress.Imaging.Formats;
using Unpress.Imaging.Metadata;

namespace Unpress.Comparisons;

/// <summary>
/// A picture and its restoration as one HTML file that needs nothing else: a slider between them, a dial for the strength, and 200 %. The
/// pictures are in it as WebP, without loss up to <see cref="LosslessPixels"/>.
/// </summary>
public static class ComparisonPage
{
    /// <summary>Beyond it a page would be too large for a browser; a quality of 95 shows what there is to see.</summary>
    public const int LosslessPixels = 4_000_000;

    private const string Template = "comparison.html";

    /// <param name="title">What the page is called: the input's name.</param>
    /// <param name="before">What the input is, such as "JPEG, QF 30".</param>
    /// <param name="after">What made the result.</param>
    /// <param name="strength">0..100, at which the result was made: the end of the dial.</param>
    /// <exception cref="InvalidFileException">A picture that no browser shows (CMYK), or is too large for WebP.</exception>
    public static string Make(ImageBuffer input, ImageBuffer result, string title, string before, string after, double strength)
    {
        if ((input.Width, input.Height) != (result.Width, result.Height))
            throw new ArgumentException("the pictures have two sizes", nameof(result));
        using var stream = typeof(ComparisonPage).Assembly.GetManifestResourceStream(Template)!;
        using var reader = new StreamReader(stream);
        var values = new Dictionary<string, string>
        {
            ["title"] = WebUtility.HtmlEncode(title),
            ["before"] = WebUtility.HtmlEncode(before),
            ["after"] = WebUtility.HtmlEncode(after),
            ["width"] = input.Width.ToString(CultureInfo.InvariantCulture),
            ["height"] = input.Height.ToString(CultureInfo.InvariantCulture),
            ["strength"] = Math.Max(strength, 1).ToString("0.###", CultureInfo.InvariantCulture),
            ["input"] = Data(input),
            ["result"] = Data(result),
        };
        // In one pass: what a name holds is no place for a value.
        return string.Concat(reader.ReadToEnd().Split("{{").Select((part, i) =>
            i == 0 ? part : values[part[..part.IndexOf('}')]] + part[(part.IndexOf('}') + 2)..]));
    }

    private static string Data(ImageBuffer image)
    {
        bool lossless = (long)image.Width * image.Height <= LosslessPixels;
        byte[] file = ImageFile.Encode(
            image, new SaveOptions { Format = ImageFormat.Webp, Lossless = lossless, Metadata = MetadataPolicy.None }, "--compare");
        return "data:image/webp;base64," + Convert.ToBase64String(file);
    }
}
