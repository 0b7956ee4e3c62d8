using System.Buffers.Binary;
using System.Diagnostics;
using System.Text;

namespace Unpress.Imaging.Tests.Formats;

public class PnmReaderTests
{
    private static ImageBuffer Load(string text) => ImageFile.Load(Encoding.ASCII.GetBytes(text), "a.pnm");

    private static string Refusal(ReadOnlySpan<byte> bytes)
    {
        byte[] file = bytes.ToArray();
        var error = Assert.Throws<InvalidFileException>(() => ImageFile.Load(file, "a.pnm"));
        Assert.StartsWith("a.pnm: ", error.Message, StringComparison.Ordinal);
        return error.Reason;
    }

    [Fact]
    public void Texts_may_have_comments_and_any_white_space()
    {
        ImageBuffer image = Load("P3 # a comment\n# another\n2\t1\r\n255\n1 2 3\n# within the samples\n4 5   255");
        Assert.Equal((2, 1, ColourModel.Rgb, 8), (image.Width, image.Height, image.Model, image.BitsPerSample));
        Assert.Equal([1, 2, 3, 4, 5, 255], image.Data);
        Assert.Equal("ppm", image.Metadata.SourceFormat);
        Assert.Equal(0, image.Metadata.PixelsPerMillimetreX);
    }

    [Fact]
    public void In_bitmaps_one_is_black_and_digits_need_no_blanks()
    {
        Assert.Equal([255, 0, 0, 255, 0, 255], Load("P1\n3 2\n0110 1\n0").Data);
        // Nine pixels a row are two bytes a row.
        byte[] binary = [.. "P4\n9 2\n"u8, 0b1000_0001, 0b1000_0000, 0, 0];
        ImageBuffer image = ImageFile.Load(binary, "b.pbm");
        Assert.Equal([0, 255, 255, 255, 255, 255, 255, 0, 0, .. Enumerable.Repeat((byte)255, 9)], image.Data);
    }

    /// <summary>Netpbm's own rule: a sample is a share of maxval.</summary>
    [Theory]
    [InlineData(1)]
    [InlineData(100)]
    [InlineData(254)]
    [InlineData(256)]
    [InlineData(1023)]
    [InlineData(65534)]
    public void Other_maxvals_are_stretched_with_rounding(int max)
    {
        int[] samples = [0, 1, max / 3, max / 2, max];
        int highest = max > 255 ? 65535 : 255;
        int[] expected = [.. samples.Select(sample => (int)Math.Floor((sample * (double)highest / max) + 0.5))];
        ImageBuffer text = Load($"P2 5 1 {max} {string.Join(' ', samples)}");
        byte[] raw = new byte[max > 255 ? 10 : 5];
        for (int i = 0; i < 5; i++)
        {
            if (max > 255)
                BinaryPrimitives.WriteUInt16BigEndian(raw.AsSpan(2 * i), (ushort)samples[i]);
            else
                raw[i] = (byte)samples[i];
        }
        ImageBuffer binary = ImageFile.Load([.. Encoding.ASCII.GetBytes($"P5 5 1 {max}\n"), .. raw], "b.pgm");
        for (int i = 0; i < 5; i++)
            Assert.Equal((expected[i], expected[i]), (text.Sample(i, 0, 0), binary.Sample(i, 0, 0)));
    }

    [Fact]
    public void Missing_samples_are_refused_before_anything_is_allocated()
    {
        // Nineteen bytes that promise sixteen million pixels.
        var clock = Stopwatch.StartNew();
        long before = GC.GetAllocatedBytesForCurrentThread();
        foreach (string header in new[] { "P1\n4000 4000\n0 1 1", "P2\n4000 4000\n255\n1 1", "P3\n4000 4000\n255\n1", "P4\n4000 4000\nabc",
            "P6\n4000 4000\n65535\nabc" })
            Assert.Contains("cut off", Refusal(Encoding.ASCII.GetBytes(header)), StringComparison.Ordinal);
        Assert.InRange(GC.GetAllocatedBytesForCurrentThread() - before, 0, 1_000_000);
        Assert.InRange(clock.Elapsed.TotalSeconds, 0, 5);
        Assert.Contains("cut off", Refusal("P2 2 2 255 1 2 3      "u8), StringComparison.Ordinal);
        Assert.Contains("cut off", Refusal([.. "P5 2 2 255\n"u8, 1, 2, 3]), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("P2 2 1 100 7 101", "a sample of 101")]
    [InlineData("P2 2 1 100 7 -1  ", "no number where the sample")]
    [InlineData("P2 x 1 100 7 1", "no number where the width")]
    [InlineData("P2 1 1 0 7 1", "maxval of 0")]
    [InlineData("P2 1 1 65536 7 1", "maxval of 65536")]
    [InlineData("P2 0 1 255 7 1", "0x1")]
    [InlineData("P2 99999999999 1 255 7 1", "limit")]
    [InlineData("P1 2 1 1 2", "no number where the sample")]
    [InlineData("P6 1 1 100\nabz", "a sample of 122")]
    public void What_makes_no_sense_is_refused(string text, string reason) =>
        Assert.Contains(reason, Refusal(Encoding.ASCII.GetBytes(text)), StringComparison.Ordinal);

    [Fact]
    public void What_follows_the_first_picture_is_left_alone() =>
        Assert.Equal([9], ImageFile.Load([.. "P5 1 1 255\n"u8, 9, .. "P5 1 1 255\n"u8, 8], "two.pgm").Data);
}
