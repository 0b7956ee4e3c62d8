using Unpress.Imaging.Codecs;
using Unpress.Imaging.Formats;
using Unpress.Imaging.Jpeg;

namespace Unpress.Imaging.Tests.Formats;

/// <summary>Which JPEG files are pictures: oddities that cost no pixel are taken, damage is not, whichever comes first.</summary>
public class JpegReadingTests
{
    private static readonly ImageBuffer Picture = Pictures.Make(160, 120);

    private static byte[] Plain(int quality = 80) => JpegCodec.Instance.Encode(Picture, new CodecSettings(quality)).Bytes;

    /// <summary>Bytes between two segments, which libjpeg passes over with a warning.</summary>
    private static byte[] WithExtraneousBytes(byte[] jpeg)
    {
        int tables = jpeg.AsSpan().IndexOf<byte>([0xFF, JpegSegment.QuantisationTables]);
        return [.. jpeg[..tables], 1, 2, 3, .. jpeg[tables..]];
    }

    /// <summary>A piece of the entropy-coded data overwritten with an unused code, all ones.</summary>
    private static byte[] WithBadCode(byte[] jpeg)
    {
        byte[] bad = [.. jpeg];
        for (int i = 0; i < 24; i++)
            bad[(jpeg.Length / 2) + i] = (byte)(i % 2 == 0 ? 0xFF : 0);
        return bad;
    }

    private static string Refusal(byte[] jpeg)
    {
        var error = Assert.Throws<InvalidFileException>(() => ImageFile.Load(jpeg, "a.jpg"));
        Assert.StartsWith("a.jpg: ", error.Message, StringComparison.Ordinal);
        Assert.DoesNotContain('\n', error.Message);
        return error.Reason;
    }

    [Fact]
    public void Oddities_that_cost_no_pixel_are_taken()
    {
        byte[] expected = ImageFile.Load(Plain(), "plain").Data;
        Assert.Equal(expected, ImageFile.Load(WithExtraneousBytes(Plain()), "extraneous").Data);
        Assert.Equal(expected, ImageFile.Load([.. Plain(), .. "a trailer, as of phones"u8], "trailer").Data);
        byte[] revision = Plain();
        revision[11] = 9; // of JFIF
        Assert.Equal(expected, ImageFile.Load(revision, "revision").Data);
    }

    [Fact]
    public void Damage_is_refused_even_behind_an_oddity()
    {
        Assert.Contains("damaged", Refusal(WithBadCode(Plain())), StringComparison.Ordinal);
        Assert.Contains("damaged", Refusal(WithBadCode(WithExtraneousBytes(Plain()))), StringComparison.Ordinal);
        Assert.Contains("damaged", Refusal(Plain()[..^2]), StringComparison.Ordinal);
        byte[] plain = Plain();
        Assert.Contains("damaged", Refusal([.. plain[..(plain.Length / 2)], 0xFF, JpegSegment.EndOfImage]), StringComparison.Ordinal);
    }

    [Fact]
    public void Kinds_that_are_not_supported_are_not_called_damaged()
    {
        byte[] deep = Plain();
        int frame = deep.AsSpan().IndexOf<byte>([0xFF, 0xC0, 0, 17, 8]);
        deep[frame + 4] = 12; // bits
        Assert.Contains("12 bits a sample, which is not supported", Refusal(deep), StringComparison.Ordinal);
        byte[] lossless = Plain();
        lossless[frame + 1] = 0xC3;
        Assert.Contains("which is not supported", Refusal(lossless), StringComparison.Ordinal);
        Assert.DoesNotContain("damaged", Refusal(lossless), StringComparison.Ordinal);
        // A true lossless JPEG has no quantisation tables.
        int tables = lossless.AsSpan().IndexOf<byte>([0xFF, JpegSegment.QuantisationTables]);
        Assert.Contains("which is not supported", Refusal([.. lossless[..tables], .. lossless[frame..]]), StringComparison.Ordinal);
        byte[] ls = Plain();
        ls[frame + 1] = JpegSegment.LosslessFrame;
        Assert.Contains("JPEG-LS file (SOF55), which is not supported", Refusal(ls), StringComparison.Ordinal);
        byte[] heightLater = Plain();
        heightLater[frame + 5] = heightLater[frame + 6] = 0;
        Assert.Contains("(DNL), which is not supported", Refusal(heightLater), StringComparison.Ordinal);
    }

    /// <summary>All complaints go through one door of the library; each must reach the thread whose file it is about.</summary>
    [Fact]
    public void Files_read_side_by_side_are_judged_each_by_itself()
    {
        byte[][] files = [Plain(), WithExtraneousBytes(Plain()), WithBadCode(Plain()), Plain()[..1500], Plain(95)];
        bool[] fine = [true, true, false, false, true];
        Parallel.For(0, 400, new ParallelOptions { MaxDegreeOfParallelism = 8 }, i =>
        {
            if (fine[i % 5])
                Assert.Equal(160, ImageFile.Load(files[i % 5], "fine").Width);
            else
                Refusal(files[i % 5]);
        });
    }

    [Fact]
    public void What_libvips_says_is_heard_on_the_thread_that_reads_and_nowhere_else()
    {
        byte[] png = ImageFile.Encode(Picture);
        using var here = new VipsWarnings();
        Assert.Throws<InvalidFileException>(() => ImageFile.Load(png.AsSpan(0, png.Length / 2), "cut"));
        Assert.Empty(here.Lines); // each reading listens for itself
        VipsWarnings.Add("said");
        Assert.Equal(["said"], here.Lines);
        var there = new Thread(() => VipsWarnings.Add("said elsewhere"));
        there.Start();
        there.Join();
        Assert.Single(here.Lines);
    }

    /// <summary>Pillow, ImageMagick and browsers take every stand-alone CMYK JPEG for inverted.</summary>
    [Fact]
    public void Cmyk_looks_the_same_with_and_without_the_adobe_marker()
    {
        byte[] marked = ImageFile.Encode(Pictures.Make(40, 30, ColourModel.Cmyk), new SaveOptions { Format = ImageFormat.Jpeg });
        int at = marked.AsSpan().IndexOf<byte>([0xFF, JpegSegment.App14]);
        int length = 2 + (marked[at + 2] << 8 | marked[at + 3]);
        byte[] unmarked = [.. marked[..at], .. marked[(at + length)..]];
        Assert.Null(JpegAnatomy.Read(unmarked, "unmarked").AdobeTransform);
        Assert.Equal(ImageFile.Load(marked, "marked").Data, ImageFile.Load(unmarked, "unmarked").Data);
    }
}
