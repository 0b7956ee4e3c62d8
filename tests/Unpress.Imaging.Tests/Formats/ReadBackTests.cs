using Unpress.Imaging.Formats;
using Unpress.Imaging.Tests.Codecs;

namespace Unpress.Imaging.Tests.Formats;

public class ReadBackTests
{
    [Theory]
    [InlineData(ImageFormat.Avif)]
    [InlineData(ImageFormat.Webp)]
    public void A_file_that_holds_no_such_picture_is_refused(ImageFormat format)
    {
        ImageBuffer image = Pictures.Make(40, 30);
        byte[] file = ImageFile.Encode(image, new SaveOptions { Format = format });
        ReadBack.CheckBytes(file, image, format, "a.x");
        var empty = Assert.Throws<InvalidFileException>(() => ReadBack.CheckBytes(file[..220], image, format, "a.x"));
        Assert.Contains("cannot be read back", empty.Reason, StringComparison.Ordinal);
        var other = Assert.Throws<InvalidFileException>(() => ReadBack.CheckBytes(file, Pictures.Make(40, 31), format, "a.x"));
        Assert.Contains("40x30 of 40x31", other.Reason, StringComparison.Ordinal);
    }

    [ToolFact("heif-enc")]
    public void Heic_without_its_pixels_is_refused()
    {
        ImageBuffer image = Pictures.Make(64, 48);
        byte[] file = ImageFile.Encode(image, new SaveOptions { Format = ImageFormat.Heic });
        int pixels = file.AsSpan().IndexOf("mdat"u8) + 4;
        Assert.Throws<InvalidFileException>(() => ReadBack.CheckBytes(file[..pixels], image, ImageFormat.Heic, "a.heic"));
    }

    [ToolTheory("heif-enc")]
    [InlineData(8000, 8)]
    [InlineData(3, 200)]
    [InlineData(1, 1)]
    public void Heic_of_unusual_sizes_holds_its_picture_or_is_refused(int width, int height)
    {
        using var folder = new TemporaryFolder();
        string path = folder.File("a.heic");
        try
        {
            ImageFile.Save(Pictures.Make(width, height), path);
        }
        catch (InvalidFileException refusal)
        {
            Assert.Contains("cannot be written", refusal.Reason, StringComparison.Ordinal);
            Assert.Empty(folder.Names);
            return;
        }
        ImageBuffer read = ImageFile.Load(path);
        Assert.Equal((width, height), (read.Width, read.Height));
    }

    [Theory]
    [InlineData(ColourModel.Gray, false)]
    [InlineData(ColourModel.Gray, true)]
    [InlineData(ColourModel.Rgb, false)]
    [InlineData(ColourModel.Rgb, true)]
    public void Sixteen_bits_become_ten_in_avif_to_the_nearest(ColourModel model, bool alpha)
    {
        using var folder = new TemporaryFolder();
        ImageBuffer image = Pictures.Make(83, 61, model, alpha, bits: 16);
        image.Data16[..image.Bands].Fill(65535);
        image.Data16[image.Bands..(2 * image.Bands)].Clear();
        ImageFile.Save(image, folder.File("a.avif"));
        ImageBuffer read = ImageFile.Load(folder.File("a.avif"));
        Assert.Equal((83, 61, 16), (read.Width, read.Height, read.BitsPerSample));
        Assert.Equal((65535, 0), (read.Sample(0, 0, 0), read.Sample(1, 0, 0)));
        for (int i = 0; i < 83 * 61; i++)
            Assert.InRange(read.Sample(i % 83, i / 83, 0) - image.Sample(i % 83, i / 83, 0), -33, 33);
        // What has ten bits already comes back as it was.
        byte[] again = ImageFile.Encode(read, new SaveOptions { Format = ImageFormat.Avif });
        Assert.Equal(read.Data, ImageFile.Load(again, "again").Data);
    }

    [ToolFact("heif-enc")]
    public void White_of_ten_bits_is_white_in_heic()
    {
        ImageBuffer image = Pictures.Make(64, 48, bits: 16);
        image.Data16.Fill(65535);
        ImageBuffer read = ImageFile.Load(ImageFile.Encode(image, new SaveOptions { Format = ImageFormat.Heic }), "test");
        Assert.Equal(16, read.BitsPerSample);
        Assert.True(read.Data16.IndexOfAnyExcept((ushort)65535) < 0);
    }
}
