using System.Buffers.Binary;
using Unpress.Imaging.Codecs;
using Unpress.Imaging.Formats;
using Unpress.Imaging.Formats.Png;
using Unpress.Imaging.Tests.Codecs;

namespace Unpress.Imaging.Tests;

public class InvalidInputTests
{
    private static InvalidFileException Refused(byte[] bytes, ImageLimits? limits = null)
    {
        var error = Assert.Throws<InvalidFileException>(() => ImageFile.Load(bytes, "in.png", limits));
        Assert.StartsWith("in.png: ", error.Message, StringComparison.Ordinal);
        Assert.DoesNotContain('\n', error.Message);
        return error;
    }

    [Fact]
    public void Empty_and_text_files_are_refused()
    {
        Assert.Contains("empty", Refused([]).Reason, StringComparison.Ordinal);
        Assert.Contains("not a picture", Refused("Dear diary, today I took no photo."u8.ToArray()).Reason, StringComparison.Ordinal);
    }

    [Fact]
    public void Missing_files_and_folders_are_named()
    {
        using var folder = new TemporaryFolder();
        Assert.Contains("no such file", Assert.Throws<InvalidFileException>(() => ImageFile.Load(folder.File("x.png"))).Message, StringComparison.Ordinal);
        Assert.Contains("a folder", Assert.Throws<InvalidFileException>(() => ImageFile.Load(folder.Root)).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void The_extension_does_not_matter()
    {
        using var folder = new TemporaryFolder();
        ImageBuffer image = Pictures.Make(9, 7);
        File.WriteAllBytes(folder.File("really-a-png.jpg"), ImageFile.Encode(image));
        ImageBuffer read = ImageFile.Load(folder.File("really-a-png.jpg"));
        Assert.Equal(("png", image.Data.Length), (read.Metadata.SourceFormat, read.Data.Length));
        Assert.Equal(image.Data, read.Data);
    }

    [Theory]
    [InlineData(ImageFormat.Jpeg)]
    [InlineData(ImageFormat.Png)]
    [InlineData(ImageFormat.Webp)]
    [InlineData(ImageFormat.Tiff)]
    [InlineData(ImageFormat.Avif)]
    [InlineData(ImageFormat.Ppm)]
    [InlineData(ImageFormat.Bmp)]
    public void Truncated_files_are_refused_from_memory_and_from_disk(ImageFormat format)
    {
        using var folder = new TemporaryFolder();
        byte[] whole = ImageFile.Encode(Pictures.Make(200, 150), new SaveOptions { Format = format });
        foreach (double part in new[] { 0.1, 0.5, 0.9 })
        {
            byte[] cut = whole[..(int)(whole.Length * part)];
            Refused(cut);
            File.WriteAllBytes(folder.File("cut"), cut);
            Assert.Throws<InvalidFileException>(() => ImageFile.Load(folder.File("cut")));
        }
    }

    [ToolFact("heif-enc")]
    public void Truncated_heic_is_refused() => Truncated_files_are_refused_from_memory_and_from_disk(ImageFormat.Heic);

    [ToolFact("opj_compress")]
    public void Truncated_jpeg_2000_is_refused() => Truncated_files_are_refused_from_memory_and_from_disk(ImageFormat.Jp2);

    [Fact]
    public void A_header_bomb_costs_no_memory()
    {
        byte[] bytes = ImageFile.Encode(Pictures.Make(8, 8), new SaveOptions { Format = ImageFormat.Bmp });
        BinaryPrimitives.WriteInt32LittleEndian(bytes.AsSpan(18), 64250);
        BinaryPrimitives.WriteInt32LittleEndian(bytes.AsSpan(22), 64250);
        Assert.Contains("megapixels", Refused(bytes).Reason, StringComparison.Ordinal);

        byte[] jpeg = JpegCodec.Instance.Encode(Pictures.Make(8, 8), new CodecSettings(50)).Bytes;
        int frame = jpeg.AsSpan().IndexOf(new byte[] { 0xFF, 0xC0, 0, 17, 8 });
        new byte[] { 0xFA, 0xFA, 0xFA, 0xFA }.CopyTo(jpeg, frame + 5);
        long before = GC.GetAllocatedBytesForCurrentThread();
        Assert.Contains("64250x64250", Refused(jpeg).Reason, StringComparison.Ordinal);
        Assert.InRange(GC.GetAllocatedBytesForCurrentThread() - before, 0, 1_000_000);
    }

    [Fact]
    public void More_bytes_than_a_buffer_holds_are_refused_by_name()
    {
        // 16,384 x 16,384 pixels with 16 bits and alpha in 74 bytes: within the limit of pixels, beyond that of an array.
        byte[] png = ImageFile.Encode(Pictures.Make(1, 1, alpha: true, bits: 16));
        BinaryPrimitives.WriteInt32BigEndian(png.AsSpan(16), 16384);
        BinaryPrimitives.WriteInt32BigEndian(png.AsSpan(20), 16384);
        BinaryPrimitives.WriteUInt32BigEndian(png.AsSpan(29), Crc32.Of("IHDR"u8, png.AsSpan(16, 13)));
        Assert.Contains("GB", Refused(png).Reason, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(ImageFormat.Png)]
    [InlineData(ImageFormat.Tiff)]
    [InlineData(ImageFormat.Webp)]
    [InlineData(ImageFormat.Avif)]
    [InlineData(ImageFormat.Ppm)]
    [InlineData(ImageFormat.Jpeg)]
    public void Limits_hold_for_every_reader(ImageFormat format)
    {
        byte[] bytes = ImageFile.Encode(Pictures.Make(40, 30), new SaveOptions { Format = format });
        Assert.Contains("limit", Refused(bytes, new ImageLimits { MaxPixels = 1199 }).Reason, StringComparison.Ordinal);
        Assert.Contains("limit", Refused(bytes, new ImageLimits { MaxSide = 39 }).Reason, StringComparison.Ordinal);
        Assert.Equal(40, ImageFile.Load(bytes, "fine", new ImageLimits { MaxPixels = 1200, MaxSide = 40 }).Width);
    }

    [Theory]
    [InlineData(ImageFormat.Bmp)]
    [InlineData(ImageFormat.Png)]
    [InlineData(ImageFormat.Jpeg)]
    [InlineData(ImageFormat.Tiff)]
    [InlineData(ImageFormat.Webp)]
    [InlineData(ImageFormat.Avif)]
    [InlineData(ImageFormat.Ppm)]
    public void Damaged_bytes_give_pixels_or_one_clear_error(ImageFormat format)
    {
        byte[] good = ImageFile.Encode(Pictures.Make(24, 24), new SaveOptions { Format = format });
        var random = new Random(3);
        var limits = new ImageLimits { MaxPixels = 1_000_000 };
        int refused = 0;
        for (int i = 0; i < 1000; i++)
        {
            byte[] bad = (byte[])good.Clone();
            for (int k = 0; k < 4; k++)
                bad[2 + random.Next(Math.Min(bad.Length - 2, 200))] = (byte)random.Next(256);
            try
            {
                ImageFile.Load(bad, "fuzz", limits);
            }
            catch (InvalidFileException error)
            {
                refused++;
                Assert.StartsWith("fuzz: ", error.Message, StringComparison.Ordinal);
                Assert.DoesNotContain('\n', error.Message);
            }
        }
        Assert.InRange(refused, 50, 1000);
    }
}
