using System.Text;
using Unpress.Imaging.Formats;
using Unpress.Imaging.Formats.Png;
using Unpress.Imaging.Metadata;
using Unpress.Imaging.Tests.Formats;
using Unpress.Testing;

namespace Unpress.Imaging.Tests.Metadata;

/// <summary>What the numbers of a picture mean, and its texts, reach the result or their loss is said.</summary>
public class ColourAndTextTests
{
    private static readonly PngChunk Gamma = new("gAMA", [0, 1, 0x86, 0xA0]); // 1.0
    private static readonly PngChunk Primaries = new("cHRM", [.. Enumerable.Range(0, 32).Select(i => (byte)(i % 4 < 2 ? 0 : i))]);
    private static readonly PngChunk Pq = new("cICP", [9, 16, 0, 1]);
    private static readonly PngChunk Title = new("tEXt", [.. "Title\0A title"u8]);
    private static readonly PngChunk Parameters = new("iTXt", [.. "parameters\0\0\0\0\0steps: 20"u8]);
    private static readonly PngChunk Packed = new("zTXt", [.. "Comment\0\0"u8, 0x78, 0x9C, 3, 0, 0, 0, 0, 1]);
    private static readonly PngChunk Time = new("tIME", [7, 0xE8, 1, 2, 3, 4, 5]);
    private static readonly PngChunk Raw = new("tEXt", [.. "Raw profile type exif\0\nexif\n"u8]);

    private static ImageBuffer Load(params PngChunk[] chunks) => ImageFile.Load(LeftOutTests.PngWith(chunks), "in.png");

    private static string Said(ImageBuffer image, ImageFormat format, MetadataPolicy policy = MetadataPolicy.Keep) =>
        string.Join("; ", SavingLoss.Of(image, format, new SaveOptions { Metadata = policy }));

    private static string Chunks(ImageBuffer image, MetadataPolicy policy) => string.Join(
        "; ", ImageFile.Load(ImageFile.Encode(image, new SaveOptions { Metadata = policy }), "out.png").Metadata.PngChunks.Select(Text));

    private static string Text(PngChunk chunk) => $"{chunk.Type} {Convert.ToHexString(chunk.Data)}";

    [Fact]
    public void Png_to_png_keeps_colour_always_and_texts_as_the_policy_says()
    {
        ImageBuffer image = Load(Gamma, Primaries, Pq, Title, Parameters, Packed, Time, Raw);
        string colour = string.Join("; ", new[] { Gamma, Primaries, Pq }.Select(Text));
        string texts = string.Join("; ", new[] { Title, Parameters, Packed, Time }.Select(Text));
        Assert.Equal($"{colour}; {texts}; {Text(Raw)}", Chunks(image, MetadataPolicy.Keep));
        Assert.Equal($"{colour}; {texts}", Chunks(image, MetadataPolicy.NoGps));
        Assert.Equal(colour, Chunks(image, MetadataPolicy.None));
        Assert.Equal("", Said(image, ImageFormat.Png));
        Assert.Equal("", Said(image, ImageFormat.Png, MetadataPolicy.None));
        Assert.Contains("the place may be in them", Said(image, ImageFormat.Png, MetadataPolicy.NoGps), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("exif:GPSLatitude")]
    [InlineData("GPS")]
    [InlineData("Longitude")]
    public void Texts_that_are_called_after_a_place_go_without_the_place(string keyword)
    {
        ImageBuffer image = Load(new PngChunk("tEXt", [.. Encoding.ASCII.GetBytes(keyword), 0, .. "48.1"u8]), Title);
        Assert.Equal(Text(Title), Chunks(image, MetadataPolicy.NoGps));
        Assert.Contains(keyword, Said(image, ImageFormat.Png, MetadataPolicy.NoGps), StringComparison.Ordinal);
    }

    [Fact]
    public void Texts_beyond_the_limit_are_counted()
    {
        ImageBuffer image = Load([.. Enumerable.Repeat(Title, 1010)]);
        Assert.Equal(1000, image.Metadata.PngChunks.Count);
        Assert.Contains("10 texts are left out", Said(image, ImageFormat.Png), StringComparison.Ordinal);
    }

    [Fact]
    public void Xmp_is_no_text()
    {
        ImageBuffer image = Pictures.Make(8, 8);
        image.Metadata.Xmp = "<x:xmpmeta xmlns:x=\"adobe:ns:meta/\"/>"u8.ToArray();
        Assert.Empty(ImageFile.Load(ImageFile.Encode(image), "out.png").Metadata.PngChunks);
    }

    [Fact]
    public void Other_formats_lose_texts_and_say_so()
    {
        ImageBuffer image = Load(Title, Parameters);
        Assert.Contains("texts of the PNG are left out (Title, parameters)", Said(image, ImageFormat.Webp), StringComparison.Ordinal);
        Assert.Equal("", Said(image, ImageFormat.Webp, MetadataPolicy.None));
    }

    [Fact]
    public void Other_formats_lose_gamma_and_say_so_when_it_matters()
    {
        Assert.Contains("gAMA", Said(Load(Gamma), ImageFormat.Jpeg), StringComparison.Ordinal);
        PngChunk usual = new("gAMA", [0, 0, 0xB1, 0x8F]); // 1 / 2.2
        Assert.Equal("", Said(Load(usual), ImageFormat.Jpeg));
        Assert.Equal("", Said(Load(Gamma, new PngChunk("sRGB", [0])), ImageFormat.Jpeg));
        Assert.Contains("BT.2020, PQ", Said(Load(Pq), ImageFormat.Tiff), StringComparison.Ordinal);
        Assert.Equal("", Said(Load(new PngChunk("cICP", [1, 13, 0, 1])), ImageFormat.Tiff));
    }

    [Fact]
    public void Damaged_chunks_are_left_out()
    {
        byte[] png = LeftOutTests.PngWith(Gamma, Title);
        png[33 + 8 + 4] ^= 1; // the checksum of gAMA
        Assert.Equal([Title.Type], PngChunks.Read(new MemoryStream(png), out _).Select(chunk => chunk.Type));
        var random = new Random(2);
        for (int i = 0; i < 500; i++)
        {
            byte[] bad = [.. png];
            for (int k = 0; k < 4; k++)
                bad[8 + random.Next(120)] = (byte)random.Next(256);
            PngChunks.Read(new MemoryStream(bad), out _);
        }
    }

    [Fact]
    public void Codes_go_from_png_to_avif_and_back()
    {
        ImageBuffer image = Load(Pq);
        ImageBuffer avif = ImageFile.Load(ImageFile.Encode(image, new SaveOptions { Format = ImageFormat.Avif }), "a.avif");
        Assert.Equal(new ColourCode(9, 16), avif.Metadata.Colour);
        Assert.Equal(image.Data, avif.Data);
        Assert.Equal("", Said(image, ImageFormat.Avif));
        ImageBuffer png = ImageFile.Load(ImageFile.Encode(avif), "b.png");
        Assert.Equal(Pq.Data, Assert.Single(png.Metadata.PngChunks).Data);
    }

    [SharedDataTheory("cases/10-colour-description-lost")]
    [InlineData("ap3.avif", "cICP")]
    [InlineData("apq.avif", "cICP")]
    [InlineData("cicp_p3.png", "cICP")]
    [InlineData("cicp_pq.png", "cICP")]
    [InlineData("gama10.png", "gAMA")]
    [InlineData("gama_chrm_adobe.png", "gAMA cHRM")]
    public void Real_files_keep_their_colours(string file, string types)
    {
        ImageBuffer image = ImageFile.Load(SharedData.Path("cases", "10-colour-description-lost", file));
        ImageBuffer read = ImageFile.Load(ImageFile.Encode(image), "out.png");
        Assert.Equal(types, string.Join(' ', read.Metadata.PngChunks.Select(chunk => chunk.Type)));
        Assert.NotEqual("", Said(image, ImageFormat.Webp));
    }

    [SharedDataFact("cases/21-png-text-lost")]
    public void Real_texts_stay()
    {
        ImageBuffer image = ImageFile.Load(SharedData.Path("cases", "21-png-text-lost", "text.png"));
        Assert.Equal(5, image.Metadata.PngChunks.Count);
        Assert.Equal(string.Join("; ", image.Metadata.PngChunks.Select(Text)), Chunks(image, MetadataPolicy.Keep));
        Assert.Contains("parameters", Encoding.Latin1.GetString(ImageFile.Encode(image)), StringComparison.Ordinal);
    }
}
