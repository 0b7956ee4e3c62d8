using Unpress.Imaging.Codecs;
using Unpress.Imaging.Jpeg;
using Unpress.Imaging.Tests.Jpeg;

namespace Unpress.Imaging.Tests;

/// <summary>Damaged files are refused, and what decodes of them is taken when that is asked for.</summary>
public class SalvageTests
{
    private static readonly ImageLimits Salvage = new() { Salvage = true };

    public static TheoryData<string> Damages => ["no end", "half", "noise"];

    [Theory]
    [MemberData(nameof(Damages))]
    public void Of_a_jpeg_what_decodes_is_taken_and_said(string damage)
    {
        ImageBuffer whole = Pictures.Make(160, 120);
        byte[] file = JpegCodec.Instance.Encode(whole, new CodecSettings(80)).Bytes;
        ImageBuffer healthy = ImageFile.Load(file, "a.jpg");
        byte[] damaged = Damaged(file, damage);
        var refused = Assert.Throws<InvalidFileException>(() => ImageFile.Load(damaged, "a.jpg"));
        Assert.Equal(FailureCode.Damaged, refused.Fault);
        ImageBuffer taken = ImageFile.Load(damaged, "a.jpg", Salvage);
        Assert.Equal((healthy.Width, healthy.Height), (taken.Width, taken.Height));
        int rows = damage == "no end" ? 120 : 30; // what lies before the damage, less the line that sees chroma across it
        Assert.Equal(healthy.Data.AsSpan(0, rows * 480), taken.Data.AsSpan(0, rows * 480));
        Assert.Contains(taken.Metadata.LeftOut, phrase => phrase.Contains("what decodes of a damaged file was taken", StringComparison.Ordinal));
    }

    [Fact]
    public void Of_a_png_the_rows_before_the_damage_are_taken()
    {
        ImageBuffer whole = Pictures.Make(300, 200);
        byte[] damaged = Damaged(ImageFile.Encode(whole), "half");
        Assert.Throws<InvalidFileException>(() => ImageFile.Load(damaged, "a"));
        ImageBuffer taken = ImageFile.Load(damaged, "a", Salvage);
        Assert.Equal(whole.Data.AsSpan(0, 16 * 900), taken.Data.AsSpan(0, 16 * 900));
    }

    [Fact]
    public void A_healthy_file_is_read_as_without()
    {
        byte[] file = JpegCodec.Instance.Encode(Pictures.Make(40, 30), new CodecSettings(80)).Bytes;
        ImageBuffer image = ImageFile.Load(file, "a.jpg", Salvage);
        Assert.Equal(ImageFile.Load(file, "a.jpg").Data, image.Data);
        Assert.Empty(image.Metadata.LeftOut);
    }

    [Fact]
    public void Where_nothing_decodes_the_file_is_refused()
    {
        byte[] file = JpegCodec.Instance.Encode(Pictures.Make(40, 30), new CodecSettings(80)).Bytes;
        Assert.Throws<InvalidFileException>(() => ImageFile.Load(file.AsSpan(0, 40), "a.jpg", Salvage));
        Assert.Contains("not a picture", Assert.Throws<InvalidFileException>(() => ImageFile.Load("text"u8, "a.jpg", Salvage)).Reason,
            StringComparison.Ordinal);
    }

    [Fact]
    public void How_much_is_there_is_said_and_filling_alone_is_nothing()
    {
        byte[] png = ImageFile.Encode(Pictures.Make(64, 400));
        var half = ImageFile.Load(png.AsSpan(0, png.Length / 2), "a.png", Salvage);
        Assert.Matches("about [12][0-9][0-9] of 400 rows are there", Assert.Single(half.Metadata.LeftOut));
        byte[] bare = ImageFile.Encode(Pictures.Make(64, 64));
        int data = bare.AsSpan().IndexOf("IDAT"u8);
        bare.AsSpan(data + 4, 30).Fill(0xFF);
        Assert.Contains("nothing of it can be salvaged",
            Assert.Throws<InvalidFileException>(() => ImageFile.Load(bare, "b.png", Salvage)).Reason, StringComparison.Ordinal);
    }

    [Fact]
    public void Missing_scans_are_known_as_such()
    {
        int tried = 0;
        for (int i = 0; i < 60; i++)
        {
            byte[] file = new MadeJpeg(i).Bytes;
            Assert.True(JpegCoefficients.Read(file, "whole").IsWhole, $"case {i}");
            List<JpegSegment> scans = [.. JpegSegment.ReadAll(file).Where(segment => segment.Marker == JpegSegment.StartOfScan)];
            if (scans.Count < 2)
                continue;
            byte[] without = [.. file.AsSpan(0, scans[^1].Start - 4), 0xFF, JpegSegment.EndOfImage];
            Assert.False(JpegCoefficients.Read(without, "cut").IsWhole, $"case {i}");
            Assert.Contains(ImageFile.Load(without, "cut.jpg").Metadata.LeftOut, said => said.StartsWith("scans are missing", StringComparison.Ordinal));
            Assert.Empty(ImageFile.Load(file, "whole.jpg").Metadata.LeftOut);
            tried++;
        }
        Assert.InRange(tried, 20, 60);
    }

    private static byte[] Damaged(byte[] file, string damage)
    {
        if (damage == "no end")
            return file[..^2];
        if (damage == "half")
            return file[..(file.Length / 2)];
        byte[] noisy = [.. file];
        new Random(1).NextBytes(noisy.AsSpan(file.Length / 2, file.Length / 4));
        return noisy;
    }
}
