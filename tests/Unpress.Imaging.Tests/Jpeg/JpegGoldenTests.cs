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
        "4b0383e23ded96ec75c9902c5b046f1112011e9e5bd23ac8f202d8884a750b58",
        "41081f5dae152ac7974d6f800b0462320a768b38810752b26cb1f9acafe74504",
        "62ec4cafc99c62cb044ce496bc357bf2748b68bb1893e0668ef9d505174f76f4",
        "e0a716e8807efc9f0a1b6896aee4b9d2cac963ce60570ee9c7b7bde4cda635a1",
        "a3103951d6e21a13b19a301ef954e5575d8816324b73dbcf3dbb8ad44ded22c0",
        "966df7786928f4c0185e62b5516e4205ca1efa690eec69cfdc30941aa31230ea",
        "27c8bab34183328d88b42faaa71f54f1582299be4559d9ca57ee1032b69a8ca3",
        "58052eefb6b90565f7278e31bd78984fbfdaa7297302fde3d3136b3f10b6e7a8",
        "c0baf56e10ae064781889635c68add9f43dd9e555a6d41f4f6daa6c1c0f853c6",
    ];

    // Pixels of 100 files of the test's own writer each.
    private static readonly string[] MadeHashes =
    [
        "f9e52e5bc6e12f4d3f7703d1cfd63e532af220a80c831a51581e386a62f74664",
        "eea51649eb3ff34fe1cfa6fbd75eadd67115f1bad988b89262f1d06c905abab2",
        "2c449d9bb48b4ef3c3c5c143920d347feeae07edc2897c75f3548111e2176d21",
        "fcbdff340eaca93310954db453fccfd1592052fe8513b8014172fc7bef6fa5ea",
        "3372eec2efaee2d7ae831ec8b34938c466a86839de95b5e25144215e73168704",
        "359fa2613398bb0a70b508f8f22135954101136696ce85c18891d58b8bda921b",
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
