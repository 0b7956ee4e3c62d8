using Unpress.Imaging.Codecs;
using Unpress.Imaging.Jpeg;
using Unpress.Testing;

namespace Unpress.Imaging.Tests.Jpeg;

/// <summary>Earlier saves are found in the pixels, and none that never were.</summary>
public class EarlierSaveTests
{
    [Theory]
    [InlineData(20, 0, 0, 90)]
    [InlineData(20, 3, 5, 96)]
    [InlineData(30, 7, 1, 100)]
    [InlineData(50, 4, 4, 90)]
    [InlineData(70, 2, 6, 95)]
    public void A_save_before_the_last_one_is_found(int first, int left, int top, int second)
    {
        ImageBuffer cut = Crop(Save(Scene(240, 200), first), left, top);
        EarlierSave found = Assert.IsType<EarlierSave>(EarlierSave.Find(Save(cut, second)));
        Assert.InRange(found.Quality, first - 4, first + 4);
        Assert.Equal(((8 - left) % 8, (8 - top) % 8), (found.X, found.Y));
    }

    [Theory]
    [InlineData(15)]
    [InlineData(60)]
    [InlineData(85)]
    public void Pixels_without_a_file_show_theirs(int quality)
    {
        ImageBuffer bare = ImageFile.Load(ImageFile.Encode(Save(Scene(240, 200), quality)), "bare.png");
        Assert.InRange(EarlierSave.Find(bare)!.Quality, quality - 4, quality + 4);
    }

    [Theory]
    [InlineData(0)]
    [InlineData(5)]
    [InlineData(15)]
    [InlineData(30)]
    [InlineData(60)]
    [InlineData(90)]
    [InlineData(98)]
    public void A_single_save_is_no_earlier_one(int quality)
    {
        for (int seed = 1; seed <= 3; seed++)
        {
            ImageBuffer scene = Scene(240, 200, seed);
            Assert.Null(EarlierSave.Find(quality == 0 ? scene : Save(scene, quality)));
        }
    }

    [Fact]
    public void Turned_pictures_do_not_find_their_own_save()
    {
        foreach (int orientation in new[] { 2, 3, 4, 5, 6, 7, 8 })
        {
            ImageBuffer scene = Scene(203, 197);
            scene.Metadata.Exif = [.. "II*\0\x08\0\0\0\x01\0\x12\x01\x03\0\x01\0\0\0"u8, (byte)orientation, 0, 0, 0, 0, 0, 0, 0];
            byte[] file = JpegCodec.Instance.Encode(scene, new CodecSettings(60)).Bytes;
            byte[] exif = [0xFF, 0xE1, 0, (byte)(2 + 6 + scene.Metadata.Exif.Length), .. "Exif\0\0"u8, .. scene.Metadata.Exif];
            ImageBuffer turned = ImageFile.Load((byte[])[.. file.AsSpan(0, 2), .. exif, .. file.AsSpan(2)], "turned.jpg");
            Assert.Equal(orientation, turned.Metadata.StoredOrientation);
            Assert.Null(EarlierSave.Find(turned));
        }
    }

    [Fact]
    public void Tiny_flat_and_CMYK_pictures_show_nothing()
    {
        Assert.Null(EarlierSave.Find(Scene(63, 200)));
        Assert.Null(EarlierSave.Find(Save(new ImageBuffer(200, 200, ColourModel.Rgb), 20)));
        Assert.Null(EarlierSave.Find(Pictures.Make(200, 200, ColourModel.Cmyk)));
    }

    [SharedDataTheory("test/live1")]
    [InlineData("bikes", 20, 96)]
    [InlineData("monarch", 30, 90)]
    [InlineData("parrots", 50, 95)]
    public void Photographs_show_theirs(string name, int first, int second)
    {
        string path = Directory.GetFiles(SharedData.Path("test", "live1"), name + ".*")[0];
        ImageBuffer original = ImageFile.Load(path);
        Assert.Null(EarlierSave.Find(Save(original, first)));
        EarlierSave found = Assert.IsType<EarlierSave>(EarlierSave.Find(Save(Crop(Save(original, first), 3, 5), second)));
        Assert.InRange(found.Quality, first - 3, first + 3);
        Assert.Equal((5, 3), (found.X, found.Y));
    }

    /// <summary>Discs of random colours and sizes, with a little noise: edges and flat parts as in photographs.</summary>
    private static ImageBuffer Scene(int width, int height, int seed = 1)
    {
        var image = new ImageBuffer(width, height, ColourModel.Rgb);
        var random = new Random(seed);
        for (int disc = 0; disc < 250; disc++)
        {
            int x = random.Next(width), y = random.Next(height), radius = random.Next(4, 40);
            byte[] colour = [(byte)random.Next(20, 236), (byte)random.Next(20, 236), (byte)random.Next(20, 236)];
            double slope = (random.NextDouble() - 0.5) * 2;
            for (int row = Math.Max(0, y - radius); row < Math.Min(height, y + radius); row++)
            {
                for (int column = Math.Max(0, x - radius); column < Math.Min(width, x + radius); column++)
                {
                    if (((row - y) * (row - y)) + ((column - x) * (column - x)) > radius * radius)
                        continue;
                    for (int band = 0; band < 3; band++)
                        image.Data[(((row * width) + column) * 3) + band] = (byte)Math.Clamp(colour[band] + (slope * (column - x)), 0, 255);
                }
            }
        }

        for (int i = 0; i < image.Data.Length; i++)
            image.Data[i] = (byte)Math.Clamp(image.Data[i] + random.Next(-6, 7), 0, 255);
        return image;
    }

    private static ImageBuffer Save(ImageBuffer image, int quality)
        => ImageFile.Load(JpegCodec.Instance.Encode(image, new CodecSettings(quality)).Bytes, "saved.jpg");

    private static ImageBuffer Crop(ImageBuffer image, int left, int top)
    {
        var cut = new ImageBuffer(image.Width - left, image.Height - top, image.Model);
        for (int row = 0; row < cut.Height; row++)
            image.Data.AsSpan((((row + top) * image.Width) + left) * 3, cut.Width * 3).CopyTo(cut.Data.AsSpan(row * cut.Width * 3));
        return cut;
    }
}
