using System.Security.Cryptography;
using Unpress.Imaging.Codecs;
using Unpress.Imaging.Jpeg;

namespace Unpress.Imaging.Tests.Jpeg;

/// <summary>
/// What libjpeg-turbo 2.1.5 gave, as checksums: they hold where the library is not. tests/golden/jpeg/make_golden.py made the files;
/// <see cref="JpegTwinTests"/> compares the generated pictures with the library itself.
/// </summary>
public unsafe class JpegGoldenTests
{
    private const int CasesAHash = 100;

    // Files, pixels, files with any tables and sampling, their pixels: of 100 generated pictures each.
    private static readonly string[] GeneratedHashes =
    [
        "b1b05afb12dc780900659bbcc28d59be1dc8de907b7aba4d6e619fe35e503246",
        "9dbefdb27523e24e04f31ddf5a51b15d7c299f46233c5e4e64777a547345fdc6",
        "109435c81965c85040bf2fac628eb4884a04594b84d4ad363e997b9a67d3a372",
    ];

    // Pixels of 100 files of the test's own writer each.
    private static readonly string[] MadeHashes =
    [
    ];

    public static TheoryData<string, string, string> Files
    {
        get
        {
            var rows = new TheoryData<string, string, string>();
            foreach (string line in File.ReadLines(RepoPaths.Combine("tests", "golden", "jpeg", "golden.tsv")))
            {
                string[] cells = line.Split('\t');
                rows.Add(cells[0], cells[1], cells[2]);
            }

            return rows;
        }
    }

    [Theory]
    [MemberData(nameof(Files))]
    public void Files_of_libjpegs_own_programs_are_read_to_the_bit(string file, string basis, string pixels)
    {
        JpegCoefficients read = Read(file);
        Assert.Equal(Read(basis).Planes, read.Planes);
        Assert.Equal(pixels, Convert.ToHexStringLower(SHA256.HashData(read.ToPixels(file))));
    }

    [Theory]
    [InlineData("420.jpg", 60)]
    [InlineData("422.jpg", 35)]
    [InlineData("444.jpg", 85)]
    [InlineData("440.jpg", 50)]
    [InlineData("411.jpg", 70)]
    [InlineData("low.jpg", null)]
    public void Files_of_cjpeg_are_written_to_the_byte(string file, int? quality)
    {
        JpegCoefficients read = Read(file);
        byte[] ppm = Bytes("picture.ppm"), expected = Bytes(file);
        var pixels = new ImageBuffer(53, 37, ColourModel.Rgb, data: ppm[^(53 * 37 * 3)..]);
        Assert.Equal(expected, JpegEncoder.Encode(pixels.Data, new JpegLayout(read.Anatomy), read.Anatomy.Tables));
        Assert.Equal(read.Planes, JpegRecompression.Compress(pixels, read.Anatomy).Planes);
        if (quality is { } known && read.Anatomy.Subsampling is { } subsampling)
            Assert.Equal(expected, JpegCodec.Instance.Encode(pixels, new CodecSettings(known, subsampling)).Bytes);
    }

    [Fact]
    public void Generated_pictures_give_what_libjpeg_gave()
    {
        for (int group = 0; group < GeneratedHashes.Length; group++)
        {
            using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
            for (int i = CasesAHash * group; i < CasesAHash * (group + 1); i++)
            {
                var made = new JpegCase(i);
                byte[] file = JpegCodec.Instance.Encode(made.Image, new CodecSettings(made.Quality, made.Subsampling)).Bytes;
                byte[] other = JpegEncoder.Encode(made.Image.Data, made.Layout, made.TableSlots);
                hash.AppendData(file);
                hash.AppendData(JpegCodec.Instance.Decode(file).Data);
                hash.AppendData(other);
                hash.AppendData(JpegCoefficients.Read(other, "test").ToPixels("test"));
            }

            Assert.Equal((group, GeneratedHashes[group]), (group, Convert.ToHexStringLower(hash.GetHashAndReset())));
        }
    }

    [Fact]
    public void Made_files_decode_to_what_libjpeg_gave()
    {
        for (int group = 0; group < MadeHashes.Length; group++)
        {
            using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
            for (int i = CasesAHash * group; i < CasesAHash * (group + 1); i++)
            {
                var written = new MadeJpeg(i);
                JpegCoefficients read = JpegCoefficients.Read(written.Bytes, "test");
                Assert.Equal(written.Planes, read.Planes);
                hash.AppendData(read.ToPixels("test"));
            }

            Assert.Equal((group, MadeHashes[group]), (group, Convert.ToHexStringLower(hash.GetHashAndReset())));
        }
    }

    private static byte[] Bytes(string file) => File.ReadAllBytes(RepoPaths.Combine("tests", "golden", "jpeg", file));

    private static JpegCoefficients Read(string file) => JpegCoefficients.Read(Bytes(file), file);
}
