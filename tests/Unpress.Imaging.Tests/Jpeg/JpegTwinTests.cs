using Unpress.Imaging.Codecs;
using Unpress.Imaging.Formats;
using Unpress.Imaging.Jpeg;

namespace Unpress.Imaging.Tests.Jpeg;

/// <summary>
/// The codec in C# beside libjpeg-turbo, bit for bit. UNPRESS_TEST_JPEG_CASES=10000 takes that many generated pictures instead of 1200.
/// </summary>
public unsafe class JpegTwinTests
{
    private static readonly int Cases =
        int.TryParse(Environment.GetEnvironmentVariable("UNPRESS_TEST_JPEG_CASES"), out int cases) ? cases : 1200;

    [NativeJpegFact]
    public void Files_and_decoded_pixels_are_those_of_libjpeg()
    {
        for (int i = 0; i < Cases; i++)
        {
            var made = new JpegCase(i);
            byte[] theirs = NativeJpeg.Encode(made.Image, made.Quality, made.Subsampling);
            AssertSame(theirs, JpegCodec.Instance.Encode(made.Image, new CodecSettings(made.Quality, made.Subsampling)).Bytes, $"file {i}");
            byte[] pixels = NativeJpeg.Decode(theirs)!;
            AssertSame(pixels, JpegCodec.Instance.Decode(theirs).Data, $"pixels {i}");
            byte[] output = new byte[pixels.Length];
            JpegCodec.Roundtrip(made.Image.Data, made.Width, made.Height, made.Image.Bands, made.Quality, made.Subsampling, output);
            AssertSame(pixels, output, $"round trip {i}");
        }
    }

    [NativeJpegFact]
    public void Any_tables_and_sampling_factors_give_the_same_files_pixels_and_coefficients()
    {
        for (int i = 0; i < Cases; i++)
        {
            var made = new JpegCase(i);
            byte[] theirs = NativeJpeg.EncodeLike(made.Image, made.Factors, made.Tables);
            AssertSame(theirs, JpegEncoder.Encode(made.Image.Data, made.Layout, made.TableSlots), $"file {i}");
            JpegCoefficients read = JpegCoefficients.Read(theirs, "test");
            AssertSame(NativeJpeg.Decode(theirs)!, read.ToPixels("test"), $"pixels {i}");
            short[][] levels = NativeJpeg.Coefficients(theirs, read.Planes.Select(plane => plane.Length))!;
            Assert.Equal(levels, read.Planes);
            Assert.Equal(levels, JpegRecompression.Compress(made.Image, read.Anatomy).Planes);
        }
    }

    [NativeJpegFact]
    public void Cmyk_is_written_and_read_as_libjpeg_does()
    {
        for (int i = 0; i < 50; i++)
        {
            var random = new Random(i);
            ImageBuffer image = Pictures.Make(random.Next(1, 71), random.Next(1, 71), ColourModel.Cmyk, seed: i);
            byte[] theirs = NativeJpeg.Encode(image, i + 1, ChromaSubsampling.C420);
            AssertSame(theirs, JpegEncoder.Encode(image.Data, image.Width, image.Height, 4, i + 1, ChromaSubsampling.C420), $"file {i}");
            AssertSame(NativeJpeg.Decode(theirs)!, JpegCoefficients.Read(theirs, "test").ToPixels("test"), $"pixels {i}");
        }
    }

    /// <summary>Every kind of file of the test's own writer: scans apart and together, progressive, restarts, colour markers.</summary>
    [NativeJpegFact]
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
            Assert.Equal(NativeJpeg.Coefficients(written.Bytes, read.Planes.Select(plane => plane.Length)), read.Planes);
            AssertSame(NativeJpeg.Decode(written.Bytes)!, read.ToPixels("test"), $"pixels {i}");
        }

        Assert.InRange(progressive, Cases / 3, Cases);
        Assert.InRange(restarts, Cases / 3, Cases);
    }

    [SharedDataFact("test/bsds500")]
    public void Published_pictures_have_the_same_coefficients_and_pixels()
    {
        foreach (string path in Files("bsds500", "*.jpg").Take(60))
        {
            byte[] bytes = File.ReadAllBytes(path);
            JpegCoefficients read = JpegCoefficients.Read(bytes, path);
            if (!NativeJpeg.IsHere)
                continue;
            AssertSame(NativeJpeg.Decode(bytes)!, read.ToPixels(path), path);
            Assert.Equal(NativeJpeg.Coefficients(bytes, read.Planes.Select(plane => plane.Length)), read.Planes);
        }
    }

    [SharedDataFact("test/live1")]
    public void Published_pictures_are_compressed_to_the_same_bytes()
    {
        foreach (string path in Files("live1", "*.png"))
        {
            ImageBuffer image = ImageFile.Load(path);
            foreach (int quality in new[] { 10, 40, 75, 95 })
            {
                byte[] ours = JpegCodec.Instance.Encode(image, new CodecSettings(quality)).Bytes;
                byte[] pixels = JpegCodec.Instance.Decode(ours).Data, output = new byte[pixels.Length];
                JpegCodec.Roundtrip(image.Data, image.Width, image.Height, 3, quality, ChromaSubsampling.C420, output);
                AssertSame(pixels, output, path);
                if (!NativeJpeg.IsHere)
                    continue;
                AssertSame(NativeJpeg.Encode(image, quality, ChromaSubsampling.C420), ours, path);
                AssertSame(NativeJpeg.Decode(ours)!, pixels, path);
            }
        }
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
