using System.Text;
using Unpress.Imaging.Formats;
using Unpress.Imaging.Formats.Png;
using Unpress.Imaging.Metadata;
using Unpress.Testing;

namespace Unpress.Imaging.Tests.Metadata;

/// <summary>Captions and keywords of press photographs, and the comments of JPEG files, reach the result or their loss is said.</summary>
public class IptcTests
{
    // Record 2: caption (120) "Ein Bild" and keyword (25) "Hafen".
    private static readonly byte[] Records = [0x1C, 2, 120, 0, 8, .. "Ein Bild"u8, 0x1C, 2, 25, 0, 5, .. "Hafen"u8];

    private static ImageBuffer Picture(byte[]? iptc, params byte[][] comments)
    {
        ImageBuffer image = Pictures.Make(16, 8);
        (image.Metadata.Iptc, image.Metadata.Comments) = (iptc, comments);
        return image;
    }

    private static ImageBuffer Through(ImageBuffer image, ImageFormat format)
        => ImageFile.Load(ImageFile.Encode(image, new SaveOptions { Format = format }), "through");

    private static string Said(ImageBuffer image, ImageFormat format) => string.Join("; ", SavingLoss.Of(image, format, new SaveOptions()));

    [Theory]
    [InlineData(ImageFormat.Jpeg)]
    [InlineData(ImageFormat.Png)]
    [InlineData(ImageFormat.Tiff)]
    public void Records_go_there_and_back(ImageFormat format)
    {
        ImageBuffer image = Picture(IptcBlock.Segment(Records));
        ImageBuffer there = Through(image, format);
        Assert.Equal(Records, Padded(IptcBlock.Records(there.Metadata.Iptc)));
        ImageBuffer back = Through(there, ImageFormat.Jpeg);
        Assert.Equal(Records, Padded(IptcBlock.Records(back.Metadata.Iptc)));
        Assert.Equal("", Said(image, format));
    }

    [Theory]
    [InlineData(ImageFormat.Webp)]
    [InlineData(ImageFormat.Avif)]
    [InlineData(ImageFormat.Bmp)]
    public void Formats_without_a_place_say_so(ImageFormat format)
    {
        Assert.Contains("the IPTC records are left out", Said(Picture(IptcBlock.Segment(Records)), format), StringComparison.Ordinal);
        Assert.Equal("", Said(Picture(null), format));
    }

    [Fact]
    public void A_png_has_its_records_once_however_often_it_is_saved()
    {
        ImageBuffer twice = Through(Through(Picture(IptcBlock.Segment(Records)), ImageFormat.Png), ImageFormat.Png);
        Assert.Single(twice.Metadata.PngChunks, IptcBlock.IsText);
    }

    [Fact]
    public void Resources_of_Photoshop_beside_the_records_stay()
    {
        // Number 0x03ED with a name of an odd and of an even length before the records; more than one segment holds.
        byte[] other = [.. "8BIM"u8, 3, 0xED, 2, .. "ab"u8, 0, 0, 0, 0, 3, 1, 2, 3, 0];
        byte[] large = [.. "8BIM"u8, 4, 0x25, 0, 0, 0, 1, 0x11, 0x70, .. new byte[70_000]];
        byte[] segment = [.. IptcBlock.Prefix, .. other, .. large, .. IptcBlock.Segment(Records)[IptcBlock.Prefix.Length..]];
        Assert.Equal(Records, IptcBlock.Records(segment));
        ImageBuffer jpeg = Through(Picture(segment), ImageFormat.Jpeg);
        Assert.Equal(segment, jpeg.Metadata.Iptc);
        Assert.Equal(segment, Through(jpeg, ImageFormat.Png).Metadata.Iptc);
        Assert.Equal(segment, Through(jpeg, ImageFormat.Tiff).Metadata.Iptc);
    }

    [Fact]
    public void Comments_go_from_jpeg_to_jpeg_and_into_a_text_of_png()
    {
        ImageBuffer image = Picture(null, "first"u8.ToArray(), "second\0"u8.ToArray());
        Assert.Equal(["first", "second\0"], Through(image, ImageFormat.Jpeg).Metadata.Comments.Select(Encoding.ASCII.GetString));
        Assert.Equal(
            ["Comment\0first", "Comment\0second"],
            Through(image, ImageFormat.Png).Metadata.PngChunks.Select(chunk => Encoding.ASCII.GetString(chunk.Data)));
        Assert.Equal("", Said(image, ImageFormat.Png));
        Assert.Contains("comment is left out", Said(image, ImageFormat.Webp), StringComparison.Ordinal);
    }

    [Fact]
    public void Damaged_records_are_none()
    {
        byte[] good = IptcBlock.Segment(Records);
        PngChunk text = IptcBlock.ToText(good);
        var random = new Random(3);
        for (int i = 0; i < 2000; i++)
        {
            byte[] bad = [.. good.AsSpan(0, 1 + random.Next(good.Length))];
            bad[random.Next(bad.Length)] = (byte)random.Next(256);
            IptcBlock.Records(bad);
            byte[] badText = [.. text.Data];
            for (int k = 0; k < 3; k++)
                badText[22 + random.Next(badText.Length - 22)] = (byte)random.Next(256);
            IptcBlock.FromTexts([new PngChunk(text.Type, badText)]);
        }
        Assert.Null(IptcBlock.Records("Photoshop 3.0\08BIM"u8));
        Assert.Equal(good, IptcBlock.FromTexts([text]));
    }

    [Fact]
    public void Lost_depth_is_said()
    {
        ImageBuffer deep = Pictures.Make(8, 8, bits: 16);
        Assert.Contains("16 bits a sample become 8, all that WebP holds", Said(deep, ImageFormat.Webp), StringComparison.Ordinal);
        Assert.Contains("16 bits a sample become 10, all that AVIF holds", Said(deep, ImageFormat.Avif), StringComparison.Ordinal);
        Assert.Equal("", Said(deep, ImageFormat.Tiff));
        Assert.Equal("", Said(Through(deep, ImageFormat.Avif), ImageFormat.Avif));
    }

    /// <summary>TIFF counts this tag in groups of four bytes: what was added is left out.</summary>
    private static byte[]? Padded(byte[]? records) => records is null ? null : [.. records.Take(Records.Length)];
}
