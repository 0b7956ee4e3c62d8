using System.Text;
using Unpress.Imaging.Formats;
using Unpress.Imaging.Metadata;
using Unpress.Imaging.Tests.Codecs;

namespace Unpress.Imaging.Tests.Metadata;

public class MetadataPolicyTests
{
    private const string Xmp = """
        <x:xmpmeta xmlns:x="adobe:ns:meta/"><rdf:Description exif:GPSLatitude="52,31N" tiff:Orientation="6" dc:title="Tür">
        <exif:GPSLongitude>13,24E</exif:GPSLongitude><dc:creator>Ä. Author</dc:creator></rdf:Description></x:xmpmeta>
        """;

    private static ImageBuffer Picture()
    {
        ImageBuffer image = Pictures.Make(45, 70);
        image.Metadata.Exif = ExifMaker.Make(1, width: 1, height: 1);
        image.Metadata.Xmp = Encoding.UTF8.GetBytes(Xmp);
        // Larger than one JPEG segment; not a real profile, so a reader that looks inside would notice.
        image.Metadata.Icc = Profile();
        return image;
    }

    /// <summary>A header that libraries accept (size, version, class, space, signature) with bytes of noise behind it.</summary>
    private static byte[] Profile()
    {
        var icc = new byte[150_000];
        new Random(5).NextBytes(icc);
        icc.AsSpan(0, 132).Clear();
        icc[1] = 0x02; // size 0x000249F0 = 150,000
        icc[2] = 0x49;
        icc[3] = 0xF0;
        icc[8] = 2;
        "mntrRGB XYZ "u8.CopyTo(icc.AsSpan(12));
        "acsp"u8.CopyTo(icc.AsSpan(36));
        return icc;
    }

    private static ImageMetadata Through(ImageFormat format, MetadataPolicy policy) =>
        ImageFile.Load(ImageFile.Encode(Picture(), new SaveOptions { Format = format, Metadata = policy }), "test").Metadata;

    [Theory]
    [InlineData(ImageFormat.Jpeg)]
    [InlineData(ImageFormat.Png)]
    [InlineData(ImageFormat.Webp)]
    public void Kept_metadata_differ_only_where_they_must(ImageFormat format)
    {
        ImageMetadata read = Through(format, MetadataPolicy.Keep);
        byte[] before = ExifMaker.Make(1, width: 45, height: 70);
        // The thumbnail's link and bytes are blank; sizes are true; every other byte is as it was.
        before.AsSpan(8 + 2 + 48, 4).Clear();
        before.AsSpan(550, ExifMaker.Thumbnail.Length).Clear();
        Assert.Equal(before, read.Exif);
        Assert.Equal(Profile(), read.Icc);
        Assert.Equal(Xmp, Encoding.UTF8.GetString(read.Xmp!));
    }

    [Theory]
    [InlineData(ImageFormat.Tiff)]
    [InlineData(ImageFormat.Avif)]
    public void Xmp_and_profile_survive_where_libvips_writes_them(ImageFormat format)
    {
        ImageMetadata read = Through(format, MetadataPolicy.Keep);
        Assert.Equal(Xmp, Encoding.UTF8.GetString(read.Xmp!));
        Assert.Equal(Profile(), read.Icc);
        Assert.Contains(ExifMaker.Camera, Encoding.Latin1.GetString(read.Exif!), StringComparison.Ordinal);
    }

    [ToolFact("heif-enc")]
    public void Xmp_and_profile_survive_in_heic() => Xmp_and_profile_survive_where_libvips_writes_them(ImageFormat.Heic);

    [Theory]
    [InlineData(ImageFormat.Png)]
    [InlineData(ImageFormat.Webp)]
    [InlineData(ImageFormat.Avif)]
    [InlineData(ImageFormat.Ppm)]
    [InlineData(ImageFormat.Bmp)]
    [InlineData(ImageFormat.Tiff)]
    public void A_resolution_that_nobody_stated_is_not_made_up(ImageFormat format)
    {
        ImageMetadata read = ImageFile.Load(ImageFile.Encode(Pictures.Make(8, 8), new SaveOptions { Format = format }), "test").Metadata;
        Assert.Equal((0, 0), (read.PixelsPerMillimetreX, read.PixelsPerMillimetreY));
        Assert.Null(read.Exif);
    }

    [Theory]
    [InlineData(ImageFormat.Png)]
    [InlineData(ImageFormat.Webp)]
    [InlineData(ImageFormat.Avif)]
    [InlineData(ImageFormat.Tiff)]
    public void Nor_into_exif_that_has_none(ImageFormat format)
    {
        ImageBuffer image = Pictures.Make(8, 8);
        image.Metadata.Exif = ExifMaker.Make(1);
        byte[] file = ImageFile.Encode(image, new SaveOptions { Format = format });
        ImageMetadata read = ImageFile.Load(file, "test").Metadata;
        Assert.Equal((0, 0), (read.PixelsPerMillimetreX, read.PixelsPerMillimetreY));
        Assert.Contains(ExifMaker.Camera, Encoding.Latin1.GetString(read.Exif!), StringComparison.Ordinal);
        Assert.Null(new ExifEditor(read.Exif).Resolution);
        Assert.Equal(-1, file.AsSpan().IndexOf("pHYs"u8));
        // What EXIF states is what these state.
        Assert.DoesNotContain(TiffFieldReader.Read(new MemoryStream(read.Exif!), _ => true), field => field.Tag is 0x11A or 0x11B or 0x128);
    }

    [Theory]
    [InlineData(ImageFormat.Avif)]
    [InlineData(ImageFormat.Tiff)]
    public void A_resolution_of_exif_alone_is_kept(ImageFormat format)
    {
        ImageBuffer dense = Pictures.Make(8, 8);
        dense.Metadata.Exif = ExifMaker.Make(1);
        dense.Metadata.PixelsPerMillimetreX = dense.Metadata.PixelsPerMillimetreY = 300 / 25.4;
        // libvips writes it into the EXIF of AVIF.
        ImageMetadata stated = ImageFile.Load(ImageFile.Encode(dense, new SaveOptions { Format = ImageFormat.Avif }), "avif").Metadata;
        Assert.Equal(300 / 25.4, new ExifEditor(stated.Exif).Resolution!.Value.X, 0.01);
        ImageBuffer image = Pictures.Make(8, 8);
        image.Metadata.Exif = stated.Exif;
        ImageMetadata read = ImageFile.Load(ImageFile.Encode(image, new SaveOptions { Format = format }), "test").Metadata;
        Assert.Equal(300 / 25.4, read.PixelsPerMillimetreX, 0.01);
    }

    [Theory]
    [InlineData(ImageFormat.Jpeg)]
    [InlineData(ImageFormat.Png)]
    [InlineData(ImageFormat.Webp)]
    public void Without_the_place_everything_else_stays(ImageFormat format)
    {
        byte[] file = ImageFile.Encode(Picture(), new SaveOptions { Format = format, Metadata = MetadataPolicy.NoGps });
        ImageMetadata read = ImageFile.Load(file, "test").Metadata;
        string exif = Encoding.Latin1.GetString(read.Exif!), xmp = Encoding.UTF8.GetString(read.Xmp!);
        Assert.DoesNotContain(ExifMaker.GpsText, exif, StringComparison.Ordinal);
        Assert.Contains(ExifMaker.Camera, exif, StringComparison.Ordinal);
        Assert.Contains(ExifMaker.MakerNote, exif, StringComparison.Ordinal);
        Assert.DoesNotContain("GPS", xmp, StringComparison.Ordinal);
        Assert.Contains("dc:title=\"Tür\"", xmp, StringComparison.Ordinal);
        Assert.Contains("<dc:creator>Ä. Author</dc:creator>", xmp, StringComparison.Ordinal);
        Assert.Equal(-1, file.AsSpan().IndexOf(Encoding.ASCII.GetBytes(ExifMaker.GpsText)));
    }

    [Theory]
    [InlineData(ImageFormat.Jpeg)]
    [InlineData(ImageFormat.Png)]
    [InlineData(ImageFormat.Webp)]
    [InlineData(ImageFormat.Tiff)]
    public void None_keeps_the_colours_only(ImageFormat format)
    {
        ImageMetadata read = Through(format, MetadataPolicy.None);
        Assert.Null(read.Exif);
        Assert.Null(read.Xmp);
        Assert.Equal(Profile(), read.Icc);
    }

    [Theory]
    [InlineData(ImageFormat.Jpeg)]
    [InlineData(ImageFormat.Png)]
    [InlineData(ImageFormat.Tiff)]
    [InlineData(ImageFormat.Bmp)]
    public void Resolution_is_kept(ImageFormat format)
    {
        ImageBuffer image = Pictures.Make(8, 8);
        image.Metadata.PixelsPerMillimetreX = image.Metadata.PixelsPerMillimetreY = 300 / 25.4;
        ImageMetadata read = ImageFile.Load(ImageFile.Encode(image, new SaveOptions { Format = format }), "test").Metadata;
        Assert.Equal(300 / 25.4, read.PixelsPerMillimetreX, 0.01);
        Assert.Equal(300 / 25.4, read.PixelsPerMillimetreY, 0.01);
    }
}
