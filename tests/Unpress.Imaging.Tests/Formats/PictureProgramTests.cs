using System.Buffers.Binary;
using System.Text;
using Unpress.Imaging.Formats;
using Unpress.Imaging.Processes;
using Unpress.Imaging.Tests.Codecs;
using Unpress.Imaging.Tests.Metadata;

namespace Unpress.Imaging.Tests.Formats;

/// <summary>HEIC and JPEG 2000, which programs on PATH read and write.</summary>
public class PictureProgramTests
{
    private static ImageBuffer Through(ImageBuffer image, SaveOptions options) => ImageFile.Load(ImageFile.Encode(image, options), "test");

    [ToolTheory("heif-enc")]
    [InlineData(ColourModel.Gray, false)]
    [InlineData(ColourModel.Gray, true)]
    [InlineData(ColourModel.Rgb, false)]
    [InlineData(ColourModel.Rgb, true)]
    public void Heic_without_loss_rounds_once_at_most(ColourModel model, bool alpha)
    {
        ImageBuffer image = Pictures.Make(64, 48, model, alpha);
        ImageBuffer read = Through(image, new SaveOptions { Format = ImageFormat.Heic });
        Assert.Equal(("heif", ColourModel.Rgb, alpha, 8), (read.Metadata.SourceFormat, read.Model, read.HasAlpha, read.BitsPerSample));
        for (int i = 0; i < 64 * 48; i++)
        {
            for (int band = 0; band < read.Bands; band++)
            {
                int same = model == ColourModel.Gray ? band / 3 : band;
                // In the change of colours, which libheif 1.15 makes. Alpha has none.
                int off = alpha && band == 3 ? 0 : 1;
                Assert.InRange(read.Sample(i % 64, i / 64, band) - image.Sample(i % 64, i / 64, same), -off, off);
            }
        }
    }

    [ToolFact("heif-enc")]
    public void Heic_keeps_ten_bits_of_sixteen_and_loses_as_much_as_asked()
    {
        ImageBuffer deep = Pictures.Make(64, 48, bits: 16);
        ImageBuffer read = Through(deep, new SaveOptions { Format = ImageFormat.Heic });
        Assert.Equal(16, read.BitsPerSample);
        Assert.InRange(Pictures.Psnr(deep, read), 55, 80);

        ImageBuffer image = Pictures.Make(64, 48);
        byte[] fine = ImageFile.Encode(image, new SaveOptions { Format = ImageFormat.Heic, Lossless = false, Quality = 90 });
        byte[] coarse = ImageFile.Encode(
            image, new SaveOptions { Format = ImageFormat.Heic, Lossless = false, Quality = 20, Subsampling = ChromaSubsampling.C420 });
        Assert.True(coarse.Length < fine.Length * 0.7, $"{coarse.Length} and {fine.Length} bytes");
        Assert.InRange(Pictures.Psnr(image, ImageFile.Load(fine, "fine")), Pictures.Psnr(image, ImageFile.Load(coarse, "coarse")) + 3, 60);
    }

    [ToolFact("heif-enc")]
    public void Heic_carries_metadata_byte_for_byte()
    {
        ImageBuffer image = Pictures.Make(45, 70);
        image.Metadata.Exif = ExifMaker.Make(1);
        image.Metadata.Xmp = "<x:xmpmeta xmlns:x=\"adobe:ns:meta/\">Tür</x:xmpmeta>"u8.ToArray();
        ImageMetadata read = Through(image, new SaveOptions { Format = ImageFormat.Heic }).Metadata;
        byte[] expected = ExifMaker.Make(1);
        // The thumbnail's link and bytes are blank, as in every format.
        expected.AsSpan(8 + 2 + 48, 4).Clear();
        expected.AsSpan(550, ExifMaker.Thumbnail.Length).Clear();
        Assert.Equal(expected, read.Exif);
        Assert.Equal(image.Metadata.Xmp, read.Xmp);
        Assert.Equal(0, read.PixelsPerMillimetreX);
    }

    [ToolTheory("opj_compress")]
    [InlineData(ColourModel.Gray, false, 8)]
    [InlineData(ColourModel.Gray, true, 8)]
    [InlineData(ColourModel.Rgb, false, 8)]
    [InlineData(ColourModel.Rgb, true, 8)]
    [InlineData(ColourModel.Gray, false, 16)]
    [InlineData(ColourModel.Gray, true, 16)]
    [InlineData(ColourModel.Rgb, false, 16)]
    [InlineData(ColourModel.Rgb, true, 16)]
    public void Jpeg_2000_keeps_every_sample(ColourModel model, bool alpha, int bits)
    {
        foreach (var (width, height) in new[] { (53, 37), (1, 1), (300, 3) })
        {
            ImageBuffer image = Pictures.Make(width, height, model, alpha, bits);
            ImageBuffer read = Through(image, new SaveOptions { Format = ImageFormat.Jp2 });
            Assert.Equal(("jp2", model, alpha, bits), (read.Metadata.SourceFormat, read.Model, read.HasAlpha, read.BitsPerSample));
            Assert.Equal(image.Data, read.Data);
        }
    }

    /// <summary>The program would apply the profile and drop it; then the numbers would be other ones.</summary>
    [ToolFact("opj_compress")]
    public void A_profile_in_jpeg_2000_stays_and_changes_no_sample()
    {
        ImageBuffer image = Pictures.Make(53, 37);
        byte[] icc = new byte[400];
        icc[3] = 144;
        "mntrRGB XYZ "u8.CopyTo(icc.AsSpan(12));
        ImageBuffer read = ImageFile.Load(WithProfile(ImageFile.Encode(image, new SaveOptions { Format = ImageFormat.Jp2 }), icc), "test");
        Assert.Equal(icc, read.Metadata.Icc);
        Assert.Equal(image.Data, read.Data);

        "CMYK"u8.CopyTo(icc.AsSpan(16));
        byte[] cmyk = WithProfile(ImageFile.Encode(image, new SaveOptions { Format = ImageFormat.Jp2 }), icc);
        Assert.Contains("CMYK", Assert.Throws<InvalidFileException>(() => ImageFile.Load(cmyk, "test")).Message, StringComparison.Ordinal);
    }

    [ToolFact("opj_compress")]
    public void A_bare_codestream_is_read_and_a_bomb_is_not()
    {
        ImageBuffer image = Pictures.Make(53, 37);
        byte[] jp2 = ImageFile.Encode(image, new SaveOptions { Format = ImageFormat.Jp2 });
        int start = jp2.AsSpan().IndexOf<byte>([0xFF, 0x4F, 0xFF, 0x51]);
        Assert.Equal(image.Data, ImageFile.Load(jp2.AsSpan(start), "bare").Data);
        BinaryPrimitives.WriteUInt32BigEndian(jp2.AsSpan(start + 8), 60_000);
        BinaryPrimitives.WriteUInt32BigEndian(jp2.AsSpan(start + 12), 60_000);
        Assert.Contains("megapixels", Assert.Throws<InvalidFileException>(() => ImageFile.Load(jp2, "bomb")).Message, StringComparison.Ordinal);
    }

    [ToolFact("heif-enc")]
    public void The_size_of_heic_is_checked_before_a_program_sees_it()
    {
        byte[] heic = ImageFile.Encode(Pictures.Make(64, 48), new SaveOptions { Format = ImageFormat.Heic });
        var error = Assert.Throws<InvalidFileException>(() => ImageFile.Load(heic, "large.heic", new ImageLimits { MaxSide = 63 }));
        Assert.Contains("the limit is 63", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Damaged_boxes_never_throw_anything_else()
    {
        byte[] heif = [.. Box("ftyp", "heic"u8), .. Box("meta", [0, 0, 0, 0, .. Box("iprp", Box("ipco",
            [.. Box("ispe", [0, 0, 0, 0, 0, 0, 0, 64, 0, 0, 0, 48]), .. Box("colr", [.. "prof"u8, .. new byte[140]])]))])];
        Assert.Equal([(64, 48)], HeifBoxes.Sizes(heif));
        Assert.Equal(140, HeifBoxes.TakeProfile(heif)!.Value.Profile.Length);
        Assert.Null(HeifBoxes.TakeProfile(HeifBoxes.TakeProfile(heif)!.Value.FileWithout));
        byte[] codestream = [0xFF, 0x4F, 0xFF, 0x51, 0, 47, 0, 0, 0, 0, 0, 64, 0, 0, 0, 48, .. new byte[30]];
        byte[] jp2 = [.. Box("jP  ", [13, 10, 0x87, 10]), .. Box("jp2h", Box("colr", [2, 0, 0, .. new byte[140]])), .. Box("jp2c", codestream)];
        Jp2Header header = Jp2Header.Read(jp2, "test");
        Assert.Equal((64, 48, 140), (header.Width, header.Height, header.Profile!.Length));
        Assert.Equal(codestream, jp2[header.Codestream]);
        var random = new Random(4);
        for (int i = 0; i < 20_000; i++)
        {
            HeifBoxes.TakeProfile(Damage(heif, random));
            HeifBoxes.Sizes(Damage(heif, random));
            var error = Record.Exception(() => Jp2Header.Read(Damage(jp2, random), "test"));
            Assert.True(error is null or InvalidFileException, $"{error}");
        }
    }

    /// <summary>macOS has sips; the conversation with it is held by a stand-in that hands out a PNG.</summary>
    [Fact]
    public void Where_sips_reads_its_png_is_taken_as_it_stands()
    {
        if (OperatingSystem.IsWindows())
            return;
        using var folder = new TemporaryFolder();
        ImageBuffer image = Pictures.Make(20, 30);
        image.Metadata.Exif = ExifMaker.Make(6);
        ImageFile.Save(image, folder.File("stored.png"));
        string sips = folder.File("sips");
        File.WriteAllText(sips, $"#!/bin/sh\n[ \"$1 $2 $3 $5\" = '-s format png --out' ] && cp '{folder.File("stored.png")}' \"$6\"\n");
        File.SetUnixFileMode(sips, UnixFileMode.UserRead | UnixFileMode.UserExecute);
        ImageBuffer heic = HeicPrograms.Read(sips, [1, 2, 3], "a.heic", ImageLimits.Default);
        Assert.Equal(ImageTurn.ToUpright(image, 6).Data, heic.Data);
        Assert.Equal("heif", heic.Metadata.SourceFormat);
        ImageBuffer jp2 = Jp2Programs.Read(sips, [1, 2, 3], new Jp2Header(30, 20, Range.All, true, null), "a.jp2", ImageLimits.Default, default);
        Assert.Equal(heic.Data, jp2.Data);
    }

    private static byte[] Damage(byte[] good, Random random)
    {
        byte[] bad = good[..random.Next(good.Length + 1)];
        for (int k = 0; k < 3 && bad.Length > 0; k++)
            bad[random.Next(bad.Length)] = (byte)(random.Next(3) == 0 ? 255 : random.Next(256));
        return bad;
    }

    private static byte[] Box(string type, ReadOnlySpan<byte> payload)
    {
        var box = new byte[8 + payload.Length];
        BinaryPrimitives.WriteInt32BigEndian(box, box.Length);
        Encoding.ASCII.GetBytes(type).CopyTo(box, 4);
        payload.CopyTo(box.AsSpan(8));
        return box;
    }

    /// <summary>The same picture with a profile in the place of the number of a colour space.</summary>
    private static byte[] WithProfile(byte[] jp2, byte[] icc)
    {
        Assert.True(IsoBoxes.Find(jp2, "jp2h"u8, out ReadOnlySpan<byte> header));
        Assert.True(IsoBoxes.Find(header, "ihdr"u8, out ReadOnlySpan<byte> size));
        Assert.True(IsoBoxes.Find(jp2, "jp2c"u8, out ReadOnlySpan<byte> codestream));
        return
        [
            .. Box("jP  ", [13, 10, 0x87, 10]), .. Box("ftyp", [.. "jp2 "u8, 0, 0, 0, 0, .. "jp2 "u8]),
            .. Box("jp2h", [.. Box("ihdr", size), .. Box("colr", [2, 0, 0, .. icc])]), .. Box("jp2c", codestream),
        ];
    }
}

/// <summary>Alone in the process: the search path is everybody's.</summary>
[CollectionDefinition(nameof(MissingProgramTests), DisableParallelization = true)]
[Collection(nameof(MissingProgramTests))]
public class MissingProgramTests
{
    [Fact]
    public void Without_the_programs_one_line_says_which_package_brings_them()
    {
        string? path = Environment.GetEnvironmentVariable("PATH");
        try
        {
            Environment.SetEnvironmentVariable("PATH", "/nowhere");
            byte[] heic = [0, 0, 0, 16, .. "ftypheicheic"u8, 0, 0, 0, 0];
            byte[] j2k = [0xFF, 0x4F, 0xFF, 0x51, 0, 47, 0, 0, 0, 0, 0, 64, 0, 0, 0, 48, .. new byte[30]];
            ImageBuffer image = Pictures.Make(8, 8);
            (string Package, Action Action)[] cases =
            [
                ("libheif-examples", () => ImageFile.Load(heic, "a.heic")),
                ("libopenjp2-tools", () => ImageFile.Load(j2k, "a.j2k")),
                ("libheif-examples", () => ImageFile.Encode(image, new SaveOptions { Format = ImageFormat.Heic }, "a.heic")),
                ("libopenjp2-tools", () => ImageFile.Encode(image, new SaveOptions { Format = ImageFormat.Jp2 }, "a.jp2")),
            ];
            foreach (var (package, action) in cases)
            {
                string message = Assert.Throws<InvalidFileException>(action).Message;
                Assert.StartsWith("a.", message, StringComparison.Ordinal);
                Assert.Contains(package, message, StringComparison.Ordinal);
                Assert.DoesNotContain('\n', message);
            }
            Assert.Contains("libopenjp2-tools", Assert.Throws<MissingToolException>(
                () => Unpress.Imaging.Codecs.CodecList.Find("jp2").Encoder).Message, StringComparison.Ordinal);
        }
        finally
        {
            Environment.SetEnvironmentVariable("PATH", path);
        }
    }
}
