using Unpress.Imaging.Codecs;
using Unpress.Imaging.Jpeg;

namespace Unpress.Imaging.Tests.Jpeg;

/// <summary>Damaged files give coefficients or one clear line, in bounded time and memory.</summary>
public class JpegRobustnessTests
{
    [Fact]
    public void Thousands_of_mutations_give_a_result_or_an_invalid_file()
    {
        byte[][] files = [.. Seeds()];
        var random = new Random(11);
        var limits = new ImageLimits { MaxPixels = 1_000_000 };
        int refused = 0;
        const int Mutations = 12_000;
        for (int i = 0; i < Mutations; i++)
        {
            byte[] bad = Mutate(random, files[i % files.Length]);
            try
            {
                JpegCoefficients read = JpegCoefficients.Read(bad, "fuzz", limits);
                read.ToPixels("fuzz");
            }
            catch (InvalidFileException error)
            {
                Assert.StartsWith("fuzz: ", error.Message, StringComparison.Ordinal);
                Assert.DoesNotContain('\n', error.Message);
                refused++;
            }
        }

        Assert.InRange(refused, Mutations / 4, Mutations * 9 / 10);
    }

    /// <summary>
    /// The verdict on damage that users see is libvips's, and where that complains, the codec's. What both take has the same pixels. But for a few: of a
    /// progressive file that lacks scans, libjpeg smooths the blocks; some odd files, which no encoder writes, are read in two ways.
    /// </summary>
    [Fact]
    public void Damage_is_judged_as_libvips_judges_it()
    {
        byte[][] files = [.. Seeds()];
        var random = new Random(12);
        var limits = new ImageLimits { MaxPixels = 1_000_000 };
        int differently = 0, readable = 0;
        const int Mutations = 6000;
        for (int i = 0; i < Mutations; i++)
        {
            byte[] bad = Mutate(random, files[i % files.Length]);
            byte[]? ours = Reading(() => JpegCoefficients.Read(bad, "fuzz", limits).ToPixels("fuzz"));
            byte[]? theirs = Reading(() => JpegTwinTests.AsStored(ImageFile.Load(bad, "fuzz", limits)));
            bool same = ours is null || theirs is null ? ours is null == theirs is null : ours.AsSpan().SequenceEqual(theirs);
            differently += same ? 0 : 1;
            readable += theirs is null ? 0 : 1;
        }

        Assert.InRange(differently, 0, Mutations / 100);
        Assert.InRange(readable, Mutations / 4, Mutations);
    }

    private static byte[]? Reading(Func<byte[]> read)
    {
        try
        {
            return read();
        }
        catch (InvalidFileException)
        {
            return null;
        }
    }

    [Fact]
    public void A_claim_of_size_costs_no_memory()
    {
        byte[] bytes = JpegCodec.Instance.Encode(Pictures.Make(16, 16), new CodecSettings(50)).Bytes;
        int frame = bytes.AsSpan().IndexOf(new byte[] { 0xFF, 0xC0, 0, 17, 8 });
        new byte[] { 0x3F, 0xFF, 0x3F, 0xFF }.CopyTo(bytes, frame + 5); // 16383 x 16383, within the limits
        long before = GC.GetAllocatedBytesForCurrentThread();
        Assert.Throws<InvalidFileException>(() => JpegCoefficients.Read(bytes, "large"));
        Assert.InRange(GC.GetAllocatedBytesForCurrentThread() - before, 0, 1_000_000);
    }

    [Fact]
    public void What_is_missing_or_impossible_is_named()
    {
        byte[] good = JpegCodec.Instance.Encode(Pictures.Make(40, 24), new CodecSettings(50)).Bytes;
        Assert.Contains("cut off", Refused(good[..^40]), StringComparison.Ordinal);
        Assert.Contains("cut off", Refused(good[..^2]), StringComparison.Ordinal);
        Assert.Contains("quantisation table", Refused(Without(good, 0xDB)), StringComparison.Ordinal);
        byte[] progressive = Without(good, 0xC4);
        Assert.Equal(JpegCoefficients.Read(good, "a").Planes, JpegCoefficients.Read(progressive, "b").Planes); // the standard tables
        progressive[progressive.AsSpan().IndexOf(new byte[] { 0xFF, 0xC0 }) + 1] = 0xC2;
        progressive[progressive.AsSpan().IndexOf(new byte[] { 0xFF, 0xDA }) + 12] = 0;
        Assert.Contains("Huffman table is missing", Refused(progressive), StringComparison.Ordinal);
        byte[] lossless = [.. good];
        lossless[good.AsSpan().IndexOf(new byte[] { 0xFF, 0xC0 }) + 1] = 0xC3;
        Assert.Contains("not supported", Refused(lossless), StringComparison.Ordinal);
        byte[] full = [.. good];
        full.AsSpan(good.AsSpan().IndexOf(new byte[] { 0xFF, 0xC4 }) + 5, 16).Clear();
        full[good.AsSpan().IndexOf(new byte[] { 0xFF, 0xC4 }) + 5] = 12; // twelve codes of one bit
        Assert.Contains("Huffman table is damaged", Refused(full), StringComparison.Ordinal);
    }

    [Fact]
    public void A_step_of_zero_decodes_to_nothing_and_is_never_written()
    {
        byte[] bytes = JpegCodec.Instance.Encode(Pictures.Make(16, 16, ColourModel.Gray), new CodecSettings(50)).Bytes;
        int table = bytes.AsSpan().IndexOf(new byte[] { 0xFF, 0xDB, 0, 67, 0 });
        bytes.AsSpan(table + 5, 64).Clear();
        JpegCoefficients read = JpegCoefficients.Read(bytes, "test");
        Assert.All(read.ToPixels("test"), sample => Assert.Equal(128, sample));
        byte[] again = JpegEncoder.Encode(new byte[256], new JpegLayout(read.Anatomy), read.Anatomy.Tables);
        Assert.All(JpegAnatomy.Read(again, "again").LumaTable, step => Assert.Equal(1, step));
    }

    private static string Refused(byte[] bytes) => Assert.Throws<InvalidFileException>(() => JpegCoefficients.Read(bytes, "x")).Message;

    /// <summary>The file without its segments of a kind.</summary>
    private static byte[] Without(byte[] file, byte marker)
    {
        for (int at; (at = file.AsSpan().IndexOf(new byte[] { 0xFF, marker })) >= 0;)
            file = [.. file[..at], .. file[(at + 2 + (file[at + 2] << 8) + file[at + 3])..]];
        return file;
    }

    private static IEnumerable<byte[]> Seeds()
    {
        foreach (string name in Directory.GetFiles(RepoPaths.Combine("tests", "golden", "jpeg"), "*.jpg").Order(StringComparer.Ordinal))
            yield return File.ReadAllBytes(name);
        for (int i = 0; i < 60; i++)
            yield return new MadeJpeg(i, small: true).Bytes;
    }

    // Single bytes, stretches, cuts and repetitions; half of the time in the headers.
    private static byte[] Mutate(Random random, byte[] good)
    {
        byte[] bad = [.. good];
        int changes = random.Next(1, 4);
        for (int i = 0; i < changes; i++)
        {
            int at = random.Next(2, random.Next(2) == 0 ? bad.Length : Math.Min(bad.Length, 300));
            switch (random.Next(8))
            {
                case 0:
                    bad[at] ^= (byte)(1 << random.Next(8));
                    break;
                case 1:
                    bad[at] = (byte)(random.Next(2) * 255);
                    break;
                case 2:
                    bad.AsSpan(at, Math.Min(random.Next(1, 70), bad.Length - at)).Clear();
                    break;
                case 3:
                    bad = bad[..at];
                    break;
                case 4:
                    bad = [.. bad[..at], .. bad[Math.Min(bad.Length, at + random.Next(1, 20))..]];
                    break;
                case 5:
                    bad = [.. bad[..at], .. bad[Math.Max(2, at - random.Next(1, 200))..]];
                    break;
                default:
                    bad[at] = (byte)random.Next(256);
                    break;
            }

            if (bad.Length < 4)
                return bad;
        }

        return bad;
    }
}
