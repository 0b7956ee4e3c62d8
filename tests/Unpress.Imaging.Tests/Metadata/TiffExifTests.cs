using System.Text;
using Unpress.Imaging.Formats;
using Unpress.Imaging.Metadata;
using Unpress.Imaging.Processes;
using Unpress.Imaging.Tests.Codecs;

namespace Unpress.Imaging.Tests.Metadata;

public class TiffExifTests
{
    private static ImageBuffer Picture(byte[]? exif)
    {
        ImageBuffer image = Pictures.Make(45, 70);
        image.Metadata.Exif = exif;
        return image;
    }

    private static byte[] Tiff(byte[]? exif, MetadataPolicy policy = MetadataPolicy.Keep) =>
        ImageFile.Encode(Picture(exif), new SaveOptions { Format = ImageFormat.Tiff, Metadata = policy });

    [Fact]
    public void Both_byte_orders_give_the_same_fields()
    {
        ImageBuffer read = ImageFile.Load(Tiff(ExifMaker.Make(1, bigEndian: true, width: 1, height: 1)), "test");
        Assert.Equal(Picture(null).Data, read.Data);
        byte[] exif = read.Metadata.Exif!;
        Assert.Equal(ImageFile.Load(Tiff(ExifMaker.Make(1, width: 1, height: 1)), "test").Metadata.Exif, exif);
        string text = Encoding.Latin1.GetString(exif);
        Assert.Contains(ExifMaker.Camera, text, StringComparison.Ordinal);
        Assert.Contains(ExifMaker.MakerNote, text, StringComparison.Ordinal);
        Assert.Contains(ExifMaker.GpsText, text, StringComparison.Ordinal);
        Assert.DoesNotContain(ExifMaker.Thumbnail, text, StringComparison.Ordinal);
        // PixelXDimension, LONG, and PixelYDimension, SHORT: the picture's own.
        Assert.NotEqual(-1, exif.AsSpan().IndexOf(new byte[] { 0x02, 0xA0, 4, 0, 1, 0, 0, 0, 45, 0, 0, 0 }));
        Assert.NotEqual(-1, exif.AsSpan().IndexOf(new byte[] { 0x03, 0xA0, 3, 0, 1, 0, 0, 0, 70, 0, 0, 0 }));
    }

    [Fact]
    public void A_second_time_changes_nothing()
    {
        byte[] once = ImageFile.Load(Tiff(ExifMaker.Make(1)), "test").Metadata.Exif!;
        Assert.Equal(once, ImageFile.Load(Tiff(once), "test").Metadata.Exif);
    }

    [Fact]
    public void Without_the_place_the_camera_stays()
    {
        string file = Encoding.Latin1.GetString(Tiff(ExifMaker.Make(1), MetadataPolicy.NoGps));
        Assert.DoesNotContain(ExifMaker.GpsText, file, StringComparison.Ordinal);
        Assert.Contains(ExifMaker.Camera, file, StringComparison.Ordinal);
        Assert.DoesNotContain(ExifMaker.Camera, Encoding.Latin1.GetString(Tiff(ExifMaker.Make(1), MetadataPolicy.None)), StringComparison.Ordinal);
    }

    [Fact]
    public void A_picture_without_exif_comes_back_without() =>
        Assert.Null(ImageFile.Load(Tiff(null), "test").Metadata.Exif);

    [ToolFact("ffprobe")]
    public void Another_reader_finds_the_camera()
    {
        using var folder = new ScratchFolder();
        string path = folder.Combine("picture.tif");
        ImageFile.Save(Picture(ExifMaker.Make(1, bigEndian: true)), path);
        byte[] answer = ChildProcess.Run(
            ProgramFinder.Find("ffprobe")!, ["-v", "error", "-show_frames", path], default, TimeSpan.FromSeconds(20), default);
        string frames = Encoding.UTF8.GetString(answer);
        Assert.Contains($"TAG:model={ExifMaker.Camera}", frames, StringComparison.Ordinal);
        Assert.Contains("width=45", frames, StringComparison.Ordinal);
    }

    [Fact]
    public void Damaged_blocks_cost_no_picture()
    {
        byte[] good = ExifMaker.Make(1), pixels = Picture(null).Data;
        var random = new Random(11);
        for (int i = 0; i < 300; i++)
            Assert.Equal(pixels, ImageFile.Load(Tiff(Damage(good, random)), "test").Data);
    }

    [Fact]
    public void Damaged_files_never_throw()
    {
        byte[] block = ImageFile.Load(Tiff(ExifMaker.Make(1)), "test").Metadata.Exif!;
        var random = new Random(12);
        for (int i = 0; i < 20_000; i++)
        {
            using var file = new MemoryStream(Damage(block, random));
            byte[]? exif = TiffExif.Extract(file);
            Assert.True(exif is null || exif.AsSpan().StartsWith("II*\0"u8));
        }
    }

    private static byte[] Damage(byte[] good, Random random)
    {
        byte[] bad = good[..random.Next(good.Length + 1)];
        for (int k = 0; k < 5 && bad.Length > 0; k++)
            bad[random.Next(bad.Length)] = (byte)(random.Next(3) == 0 ? 255 : random.Next(256));
        return bad;
    }
}
