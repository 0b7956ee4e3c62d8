using Unpress.Imaging.Codecs;
using Unpress.Imaging.Formats;
using Unpress.Imaging.Jpeg;

namespace Unpress.Imaging.Tests.Jpeg;

/// <summary>
/// The codec in C# beside the libjpeg in libvips, which decodes users' files, sample for sample. The files that it writes, and its coefficients, are
/// held by the checksums of <see cref="JpegGoldenTests"/> and by files whose coefficients are known because a test made them.
/// UNPRESS_TEST_JPEG_CASES=10000 takes that many generated pictures instead of 1200.
/// </summary>
public class JpegTwinTests
{
    private static readonly int Cases =
        int.TryParse(Environment.GetEnvironmentVariable("UNPRESS_TEST_JPEG_CASES"), out int cases) ? cases : 1200;

    [Fact]
    public void Decoded_pixels_are_those_of_libjpeg()
    {
        for (int i = 0; i < Cases; i++)
        {
            var made = new JpegCase(i);
            byte[] file = JpegCodec.Instance.Encode(made.Image, new CodecSettings(made.Quality, made.Subsampling)).Bytes;
            byte[] pixels = Twin(file);
            AssertSame(pixels, JpegCodec.Instance.Decode(file).Data, $"pixels {i}");
            byte[] output = new byte[pixels.Length];
            JpegCodec.Roundtrip(made.Image.Data, made.Width, made.Height, made.Image.Bands, made.Quality, made.Subsampling, output);
            AssertSame(pixels, output, $"round trip {i}");
        }
    }

    [Fact]
    public void Any_tables_and_sampling_factors_give_the_same_pixels()
    {
        for (int i = 0; i < Cases; i++)
        {
            var made = new JpegCase(i);
            byte[] file = JpegEncoder.Encode(made.Image.Data, made.Layout, made.TableSlots);
            JpegCoefficients read = JpegCoefficients.Read(file, "test");
            AssertSame(Twin(file), read.ToPixels("test"), $"pixels {i}");
            Assert.Equal(read.Planes, JpegRecompression.Compress(made.Image, read.Anatomy).Planes);
        }
    }

    [Fact]
    public void Cmyk_is_read_as_libjpeg_does()
    {
        for (int i = 0; i < 50; i++)
        {
            var random = new Random(i);
            ImageBuffer image = Pictures.Make(random.Next(1, 71), random.Next(1, 71), ColourModel.Cmyk, seed: i);
            byte[] file = JpegEncoder.Encode(image.Data, image.Width, image.Height, 4, i + 1, ChromaSubsampling.C420);
            AssertSame(Twin(file), JpegCoefficients.Read(file, "test").ToPixels("test"), $"pixels {i}");
        }
    }

    /// <summary>Every kind of file of the test's own writer: scans apart and together, progressive, restarts, colour markers.</summary>
    [Fact]
    public void Files_of_all_kinds_decode_as_with_libjpeg()
    {
        int progressive = 0, restarts = 0;
        for (int i = 0; i < Cases; i++)
        {
            var written = new MadeJpeg(i);
            progressive += written.IsProgressive ? 1 : 0;
            restarts += written.RestartInterval > 0 ? 1 : 0;
            JpegCoefficients read = JpegCoefficients.Read(written.Bytes, $"case {i}");
            Assert.Equal(written.Planes, read.Planes);
            AssertSame(Twin(written.Bytes), read.ToPixels("test"), $"pixels {i}");
        }

        Assert.InRange(progressive, Cases / 3, Cases);
        Assert.InRange(restarts, Cases / 3, Cases);
    }

    [SharedDataFact("test/bsds500")]
    public void Published_files_have_the_same_pixels()
    {
        foreach (string path in Files("bsds500", "*.jpg").Take(60))
        {
            byte[] bytes = File.ReadAllBytes(path);
            AssertSame(Twin(bytes), JpegCoefficients.Read(bytes, path).ToPixels(path), path);
        }
    }

    [SharedDataFact("test/live1")]
    public void Published_pictures_come_back_the_same()
    {
        foreach (string path in Files("live1", "*.png"))
        {
            ImageBuffer image = ImageFile.Load(path);
            foreach (int quality in new[] { 10, 40, 75, 95 })
            {
                byte[] file = JpegCodec.Instance.Encode(image, new CodecSettings(quality)).Bytes;
                byte[] pixels = Twin(file), output = new byte[pixels.Length];
                AssertSame(pixels, JpegCodec.Instance.Decode(file).Data, path);
                JpegCodec.Roundtrip(image.Data, image.Width, image.Height, 3, quality, ChromaSubsampling.C420, output);
                AssertSame(pixels, output, path);
            }
        }
    }

    private static byte[] Twin(byte[] file) => AsStored(ImageFile.Load(file, "twin"));

    /// <summary>The samples of a JPEG as the file has them: CMYK with 255 for no ink.</summary>
    internal static byte[] AsStored(ImageBuffer image)
    {
        if (image.Model == ColourModel.Cmyk)
            JpegReader.Invert(image.Data);
        return image.Data;
    }

    private static string[] Files(string set, string pattern) =>
        [.. Directory.GetFiles(SharedData.Path("test", set), pattern).Order(StringComparer.Ordinal)];

    private static void AssertSame(byte[] expected, byte[] actual, string what)
    {
        int common = expected.AsSpan().CommonPrefixLength(actual);
        Assert.True(common == expected.Length && common == actual.Length,
            $"{what}: {expected.Length} and {actual.Length} bytes, different from {common} on");
    }
}
