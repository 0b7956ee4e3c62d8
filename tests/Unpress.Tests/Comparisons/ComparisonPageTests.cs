using System.Text.RegularExpressions;
using Unpress.Comparisons;
using Unpress.Imaging;

namespace Unpress.Tests.Comparisons;

public sealed partial class ComparisonPageTests
{
    [Fact]
    public void The_page_holds_both_pictures_and_needs_nothing_else()
    {
        ImageBuffer before = Noise(1), after = Noise(2);
        string page = ComparisonPage.Make(before, after, "photo.jpg", "JPEG, QF 30", "unpress", 100);
        var pictures = Data().Matches(page).Select(match => ImageFile.Load(Convert.FromBase64String(match.Groups[1].Value), "page")).ToList();
        Assert.Equal([before.Data, after.Data], pictures.Select(picture => picture.Data));
        Assert.DoesNotMatch("(src|href)=\"(?!data:)|url\\(|https?:", page);
        Assert.DoesNotContain("{{", page, StringComparison.Ordinal);
    }

    [Fact]
    public void Names_cannot_become_markup_or_places_for_values()
    {
        string page = ComparisonPage.Make(Noise(1), Noise(2), "<script>alert(1)</script>{{result}}.jpg", "a", "b", 50);
        Assert.DoesNotContain("<script>alert", page, StringComparison.Ordinal);
        Assert.Contains("&lt;script&gt;alert(1)&lt;/script&gt;{{result}}.jpg", page, StringComparison.Ordinal);
        Assert.Equal(2, Data().Count(page));
    }

    [Fact]
    public void The_dial_ends_at_the_strength_of_the_result()
        => Assert.Contains("id=\"strength\" type=\"range\" min=\"0\" max=\"37.5\"",
            ComparisonPage.Make(Noise(1), Noise(2), "x", "a", "b", 37.5), StringComparison.Ordinal);

    private static ImageBuffer Noise(int seed)
    {
        var image = new ImageBuffer(20, 10, ColourModel.Rgb);
        new Random(seed).NextBytes(image.Data);
        return image;
    }

    [GeneratedRegex("data:image/webp;base64,([A-Za-z0-9+/=]+)")]
    private static partial Regex Data();
}
