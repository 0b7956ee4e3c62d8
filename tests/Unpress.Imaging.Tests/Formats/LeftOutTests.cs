using System.Buffers.Binary;
using NetVips;
using Unpress.Imaging.Formats;
using Unpress.Imaging.Formats.Png;
using Unpress.Imaging.Metadata;
using Unpress.Testing;

namespace Unpress.Imaging.Tests.Formats;

/// <summary>What a file holds beside the picture that is read must be said, or the file refused.</summary>
public class LeftOutTests
{
    private static readonly byte[] Jpeg = ImageFile.Encode(Pictures.Make(40, 30), new SaveOptions { Format = ImageFormat.Jpeg });

    private static string Said(byte[] file) =>
        string.Join("; ", SavingLoss.Of(ImageFile.Load(file, "in"), ImageFormat.Png, new SaveOptions()));

    [Theory]
    [InlineData(ImageFormat.Jpeg)]
    [InlineData(ImageFormat.Png)]
    [InlineData(ImageFormat.Tiff)]
    [InlineData(ImageFormat.Webp)]
    [InlineData(ImageFormat.Avif)]
    [InlineData(ImageFormat.Bmp)]
    [InlineData(ImageFormat.Ppm)]
    public void Of_plain_files_nothing_is_said(ImageFormat format) =>
        Assert.Equal("", Said(ImageFile.Encode(Pictures.Make(40, 30), new SaveOptions { Format = format })));

    [Fact]
    public void Pages_and_frames_are_counted()
    {
        using Image three = Image.Black(20, 30).Mutate(image => image.Set(GValue.GIntType, "page-height", 10));
        Assert.Equal("only the first of 3 pages is taken", Said(three.TiffsaveBuffer()));
        using Image colour = three.Colourspace(Enums.Interpretation.Srgb).Mutate(image => image.Set(GValue.GIntType, "page-height", 10));
        using Image frames = (colour + Image.Xyz(20, 30).ExtractBand(1)).Cast(Enums.BandFormat.Uchar)
            .Mutate(image => image.Set(GValue.GIntType, "page-height", 10));
        Assert.Equal("only the first of 3 frames is taken", Said(frames.WebpsaveBuffer()));
        byte[] animated = PngWith(new PngChunk("acTL", [0, 0, 0, 5, 0, 0, 0, 0]));
        Assert.Equal("only the first of 5 frames is taken", Said(animated));
    }

    [Fact]
    public void A_profile_that_cannot_be_kept_is_named()
    {
        const string lost = "the colour profile is left out, since it is damaged or too large: the colours may look different";
        byte[] profile = Profile();
        Assert.Equal("", Said(PngWith(Packed(profile))));
        // libpng takes none with this fault, and the file is no worse for it.
        profile[67] = 9;
        byte[] odd = PngWith(Packed(profile));
        Assert.Equal("", Said(odd));
        Assert.Equal(profile, ImageFile.Load(odd, "odd.png").Metadata.Icc);
        Assert.Equal(lost, Said(PngWith(new PngChunk("iCCP", [.. "x\0\0"u8, .. "no zlib"u8]))));
        BinaryPrimitives.WriteInt32BigEndian(profile, 300 << 20);
        Assert.Equal(lost, Said(PngWith(Packed([.. profile, .. new byte[17 << 20]]))));
        "CMYK"u8.CopyTo(profile.AsSpan(16));
        Assert.Equal(lost, Said(PngWith(Packed(profile))));
        byte[] part = [.. "ICC_PROFILE\0"u8, 1, 3, .. profile];
        Assert.Equal(
            "the colour profile is left out, since 2 of its 3 parts are missing: the colours may look different",
            Said([.. Jpeg[..2], 0xFF, 0xE2, (byte)((part.Length + 2) >> 8), (byte)(part.Length + 2), .. part, .. Jpeg[2..]]));
    }

    /// <summary>As short as one of an RGB display can be: no tags.</summary>
    private static byte[] Profile()
    {
        var profile = new byte[132];
        BinaryPrimitives.WriteInt32BigEndian(profile, profile.Length);
        "mntrRGB XYZ "u8.CopyTo(profile.AsSpan(12));
        "acsp"u8.CopyTo(profile.AsSpan(36));
        return profile;
    }

    private static PngChunk Packed(byte[] profile)
    {
        using var packed = new MemoryStream();
        using (var zlib = new System.IO.Compression.ZLibStream(packed, System.IO.Compression.CompressionLevel.Optimal))
            zlib.Write(profile);
        return new PngChunk("iCCP", [.. "x\0\0"u8, .. packed.ToArray()]);
    }

    [Fact]
    public void What_phones_put_behind_a_jpeg_is_named()
    {
        Assert.Equal("only the first of 2 pictures is taken", Said([.. Jpeg, .. Jpeg]));
        Assert.Equal("the video is left out", Said([.. Jpeg, 0, 0, 0, 24, .. "ftypmp42"u8, 0, 0, 0, 0, .. "mp42isom"u8]));
        Assert.Equal("", Said([.. Jpeg, .. "SEFT"u8, 0, 0, 0, 0]));
        ImageBuffer claimed = Pictures.Make(40, 30);
        claimed.Metadata.Xmp = "<x:xmpmeta xmlns:x=\"adobe:ns:meta/\"><rdf:RDF hdrgm:Version=\"1.0\"/></x:xmpmeta>"u8.ToArray();
        ImageMetadata held = claimed.Metadata;
        byte[] primary = [.. Jpeg[..20], .. Segment(0xE1, [.. JpegReader.XmpPrefix, .. held.Xmp]), .. Jpeg[20..]];
        Assert.Equal("", Said(primary));
        Assert.StartsWith("the gain map is left out", Said([.. primary, .. Jpeg]), StringComparison.Ordinal);
        byte[] extended = [.. Jpeg[..20], .. Segment(0xE1, [.. "http://ns.adobe.com/xmp/extension/\0"u8, .. new byte[60]]), .. Jpeg[20..]];
        Assert.Equal("the extended XMP is left out", Said(extended));
    }

    [Theory]
    [InlineData(0x030000, "only the first of 2 pictures is taken")]
    [InlineData(0x020002, "only the first of 2 pictures is taken")]
    [InlineData(0x010001, "")] // a preview
    public void Of_a_multi_picture_index_previews_are_no_loss(int kind, string said)
    {
        // Version, then where the list of two entries lies, which are type, size, place and two links each.
        byte[] index = [.. "II*\0"u8, 8, 0, 0, 0, 1, 0, 2, 0xB0, 7, 0, 32, 0, 0, 0, 26, 0, 0, 0, 0, 0, 0, 0, .. new byte[32]];
        BinaryPrimitives.WriteInt32LittleEndian(index.AsSpan(26), 0x20030000);
        BinaryPrimitives.WriteInt32LittleEndian(index.AsSpan(42), kind);
        Assert.Equal(said, Said([.. Jpeg[..20], .. Segment(0xE2, [.. "MPF\0"u8, .. index]), .. Jpeg[20..]]));
    }

    [Fact]
    public void Raw_files_are_refused()
    {
        byte[] tiff = ImageFile.Encode(Pictures.Make(40, 30), new SaveOptions { Format = ImageFormat.Tiff });
        foreach (byte[] raw in new[]
        {
            WithFields(tiff, (0xC612, 1, 4, 0x401)),
            WithFields(tiff, (0xFE, 4, 1, 1), (0x14A, 4, 1, 8)),
            WithFields(tiff, (0x9216, 1, 4, 1)),
        })
        {
            var error = Assert.Throws<InvalidFileException>(() => ImageFile.Load(raw, "a.nef"));
            Assert.Contains("RAW file", error.Reason, StringComparison.Ordinal);
            Assert.DoesNotContain("damaged", error.Reason, StringComparison.Ordinal);
        }
        // A picture with smaller ones of itself below it.
        Assert.Equal(40, ImageFile.Load(WithFields(tiff, (0xFE, 4, 1, 0)), "pyramid").Width);
    }

    [SharedDataTheory("cases/08-only-one-of-several-pictures")]
    [InlineData("anim.webp", "frames")]
    [InlineData("apng.png", "frames")]
    [InlineData("aseq.avif", "sequence")]
    [InlineData("motion.jpg", "video")]
    [InlineData("multi.tif", "pages")]
    [InlineData("stereo.jpg", "pictures")]
    [InlineData("ultrahdr.jpg", "gain map")]
    [InlineData("photo.dng", "RAW")]
    [InlineData("photo.nef", "RAW")]
    public void Real_files_are_told_of(string file, string word)
    {
        byte[] bytes = File.ReadAllBytes(SharedData.Path("cases", "08-only-one-of-several-pictures", file));
        string said = word == "RAW" ? Assert.Throws<InvalidFileException>(() => ImageFile.Load(bytes, file)).Reason : Said(bytes);
        Assert.Contains(word, said, StringComparison.Ordinal);
    }

    /// <summary>A PNG with chunks between its header and its pixels.</summary>
    internal static byte[] PngWith(params PngChunk[] chunks)
    {
        byte[] png = ImageFile.Encode(Pictures.Make(12, 9));
        using var file = new MemoryStream();
        file.Write(png.AsSpan(0, 33));
        var number = new byte[4];
        foreach (PngChunk chunk in chunks)
        {
            byte[] type = System.Text.Encoding.Latin1.GetBytes(chunk.Type);
            BinaryPrimitives.WriteInt32BigEndian(number, chunk.Data.Length);
            file.Write(number);
            file.Write(type);
            file.Write(chunk.Data);
            BinaryPrimitives.WriteUInt32BigEndian(number, Crc32.Of(type, chunk.Data));
            file.Write(number);
        }
        file.Write(png.AsSpan(33));
        return file.ToArray();
    }

    private static byte[] Segment(byte marker, byte[] payload) =>
        [0xFF, marker, (byte)((payload.Length + 2) >> 8), (byte)(payload.Length + 2), .. payload];

    /// <summary>A TIFF with further fields of at most four bytes in its first directory.</summary>
    private static byte[] WithFields(byte[] tiff, params (ushort Tag, ushort Type, int Count, int Value)[] fields)
    {
        int start = BinaryPrimitives.ReadInt32LittleEndian(tiff.AsSpan(4)), count = BinaryPrimitives.ReadUInt16LittleEndian(tiff.AsSpan(start));
        List<byte[]> entries = [.. tiff.AsSpan(start + 2, 12 * count).ToArray().Chunk(12)];
        foreach ((ushort tag, ushort type, int number, int value) in fields)
        {
            entries.RemoveAll(entry => BinaryPrimitives.ReadUInt16LittleEndian(entry) == tag);
            var made = new byte[12];
            BinaryPrimitives.WriteUInt16LittleEndian(made, tag);
            BinaryPrimitives.WriteUInt16LittleEndian(made.AsSpan(2), type);
            BinaryPrimitives.WriteInt32LittleEndian(made.AsSpan(4), number);
            BinaryPrimitives.WriteInt32LittleEndian(made.AsSpan(8), value);
            entries.Add(made);
        }
        byte[] moved = [.. tiff];
        BinaryPrimitives.WriteInt32LittleEndian(moved.AsSpan(4), tiff.Length + (tiff.Length % 2));
        var head = new byte[(tiff.Length % 2) + 2];
        BinaryPrimitives.WriteUInt16LittleEndian(head.AsSpan(tiff.Length % 2), (ushort)entries.Count);
        return [.. moved, .. head, .. entries.OrderBy(entry => BinaryPrimitives.ReadUInt16LittleEndian(entry)).SelectMany(entry => entry), 0, 0, 0, 0];
    }
}
