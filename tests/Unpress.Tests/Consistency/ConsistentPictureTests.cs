using Unpress.Consistency;
using Unpress.Imaging;
using Unpress.Imaging.Codecs;
using Unpress.Imaging.Jpeg;

namespace Unpress.Tests.Consistency;

public sealed class ConsistentPictureTests
{
    [Theory]
    [InlineData(48, 32, ColourModel.Rgb, ChromaSubsampling.C420)]
    [InlineData(48, 40, ColourModel.Rgb, ChromaSubsampling.C420)] // half a unit at the bottom, as 1080 lines have
    [InlineData(42, 38, ColourModel.Rgb, ChromaSubsampling.C420)]
    [InlineData(64, 40, ColourModel.Rgb, ChromaSubsampling.C422)]
    [InlineData(40, 48, ColourModel.Rgb, ChromaSubsampling.C444)]
    [InlineData(56, 40, ColourModel.Gray, ChromaSubsampling.C420)]
    public void Compressed_again_it_gives_the_very_file(int width, int height, ColourModel model, ChromaSubsampling subsampling)
    {
        var made = DamagedPicture.Make(width, height, model, 40, subsampling);
        var certificate = ConsistentPicture.Apply(made.Smoothed, made.File);
        Assert.InRange(certificate.InsideBefore, 0.5, 0.995);
        Assert.Equal(1, certificate.InsideAfter);
        Assert.Equal(1, certificate.Reproduced);
        // Not on our word: the file is made anew, and read.
        byte[] again = JpegCodec.Instance.Encode(made.Smoothed, new CodecSettings(40, subsampling)).Bytes;
        Assert.Equal(made.File.Planes, JpegCoefficients.Read(again, "again").Planes);
        Assert.Equal(made.File.Planes.Sum(plane => plane.Length), certificate.Coefficients);
    }

    [Theory]
    [InlineData(45, 35, 1)]
    [InlineData(45, 35, 2)]
    [InlineData(45, 35, 3)]
    [InlineData(45, 35, 4)]
    [InlineData(45, 35, 5)]
    [InlineData(45, 35, 6)]
    [InlineData(45, 35, 7)]
    [InlineData(45, 35, 8)]
    [InlineData(7, 3, 6)]
    [InlineData(33, 17, 1)]
    public void However_the_file_is_turned_and_cut(int width, int height, int orientation)
    {
        var made = DamagedPicture.Make(width, height, orientation: orientation);
        Assert.Equal(orientation >= 5 ? (height, width) : (width, height), (made.Smoothed.Width, made.Smoothed.Height));
        var certificate = ConsistentPicture.Apply(made.Smoothed, made.File);
        Assert.True(certificate.InsideBefore < 0.995, $"{certificate}");
        Assert.True(certificate.Reproduced > 0.9999, $"{certificate}");
    }

    [Theory]
    [InlineData(1, 2)]
    [InlineData(4, 1)]
    public void Rarer_samplings_are_known(int horizontal, int vertical)
    {
        var made = DamagedPicture.Sampled(horizontal, vertical, 64, 64);
        var luma = made.File.Anatomy.Components[0];
        Assert.Equal((horizontal, vertical), (luma.Horizontal, luma.Vertical));
        Assert.Equal(1, ConsistentPicture.Apply(made.Smoothed, made.File).Reproduced);
    }

    [Fact]
    public void Factors_of_a_single_plane_mean_nothing()
    {
        var original = Metrics.TestPictures.Waves(43, 29, ColourModel.Gray);
        byte[] jpeg = JpegCodec.Instance.Encode(original, new CodecSettings(40)).Bytes;
        int frame = jpeg.AsSpan().IndexOf((byte[])[0xFF, 0xC0]);
        jpeg[frame + 11] = 0x22;
        var file = JpegCoefficients.Read(jpeg, "test");
        Assert.Equal((2, 2), (file.Anatomy.Components[0].Horizontal, file.Anatomy.Components[0].Vertical));
        var certificate = ConsistentPicture.Apply(original, file);
        Assert.Equal((1, 1), (certificate.InsideAfter, certificate.Reproduced));
        Assert.Equal(file.Planes[0].Length, certificate.Coefficients);
    }

    [SharedDataFact("cases/25-consistent-odd")]
    public void Planes_that_all_have_two_by_two_are_not_subsampled()
    {
        string path = SharedData.Path("cases", "25-consistent-odd", "s22_22.jpg");
        var file = JpegCoefficients.Read(path);
        Assert.All(file.Anatomy.Components, c => Assert.Equal((2, 2), (c.Horizontal, c.Vertical)));
        Assert.Equal(1, ConsistentPicture.Apply(ImageFile.Load(path), file).Reproduced);
    }

    [Fact]
    public void The_encoder_decides_as_libjpeg_does()
    {
        // At quality 98 the cells are as small as the roundings: any other rounding would show.
        var made = DamagedPicture.Make(96, 80, quality: 98);
        var certificate = ConsistentPicture.Apply(made.Smoothed, made.File);
        Assert.InRange(certificate.Reproduced, 0.9, 1);
        Assert.Equal(certificate.InsideAfter, certificate.Reproduced, 0.0075);
    }

    [Fact]
    public void What_agrees_already_is_not_touched()
    {
        var made = DamagedPicture.Make(48, 32);
        ConsistentPicture.Apply(made.Smoothed, made.File);
        byte[] pixels = [.. made.Smoothed.Data];
        Assert.Equal(1, ConsistentPicture.Apply(made.Smoothed, made.File).InsideBefore);
        Assert.Equal(pixels, made.Smoothed.Data);
    }

    [Fact]
    public void A_picture_nearer_to_the_original_comes_out()
    {
        var made = DamagedPicture.Make(48, 32);
        double before = SquaredError(made.Smoothed, made.Original);
        ConsistentPicture.Apply(made.Smoothed, made.File);
        Assert.True(SquaredError(made.Smoothed, made.Original) < before);
    }

    [Fact]
    public void What_has_no_cells_is_refused_with_the_reason()
    {
        Assert.Contains("not a JPEG", ConsistentPicture.Obstacle(null), StringComparison.Ordinal);
        var anatomy = DamagedPicture.Make(16, 16).File.Anatomy;
        Assert.Null(ConsistentPicture.Obstacle(anatomy));
        Assert.Contains("YCbCr", ConsistentPicture.Obstacle(anatomy with { ColourSpace = JpegColourSpace.Cmyk }), StringComparison.Ordinal);
        var components = anatomy.Components;
        Assert.Contains("3x1", ConsistentPicture.Obstacle(
            anatomy with
            {
                Components =
                [
                    components[0] with { Horizontal = 3, Vertical = 1 }, components[1] with { Horizontal = 2 }, components[2],
                ],
            }), StringComparison.Ordinal);
        // Eighteen blocks a unit, more than a scan may have: libjpeg does not compress it again.
        Assert.Contains("4x4", ConsistentPicture.Obstacle(
            anatomy with { Components = [components[0] with { Horizontal = 4, Vertical = 4 }, .. components.Skip(1)] }), StringComparison.Ordinal);
    }

    private static double SquaredError(ImageBuffer a, ImageBuffer b) => a.Data.Zip(b.Data, (x, y) => (double)(x - y) * (x - y)).Sum();
}
