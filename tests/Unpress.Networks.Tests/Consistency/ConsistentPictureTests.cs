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
        var made = DamagedPicture.Make(64, 64);
        var components = made.File.Anatomy.Components;
        var anatomy = made.File.Anatomy with { Components = [components[0] with { Horizontal = horizontal, Vertical = vertical }, .. components.Skip(1)] };
        var file = JpegRecompression.Compress(made.Original, anatomy);
        Assert.Equal((horizontal, vertical), (file.Anatomy.Components[0].Horizontal, file.Anatomy.Components[0].Vertical));
        Assert.Equal(1, ConsistentPicture.Apply(made.Smoothed, file).Reproduced);
    }

    [Fact]
    public void The_encoder_in_tensors_decides_as_libjpeg_does()
    {
        // At quality 98 the cells are as small as the roundings: any other rounding would show.
        var made = DamagedPicture.Make(96, 80, quality: 98);
        var certificate = ConsistentPicture.Apply(made.Smoothed, made.File);
        Assert.InRange(certificate.Reproduced, 0.9, 1);
        Assert.Equal(certificate.InsideAfter, certificate.Reproduced, 0.005);
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
            anatomy with { Components = [components[0] with { Horizontal = 3, Vertical = 1 }, components[1] with { Horizontal = 2 }, components[2]] }), StringComparison.Ordinal);
    }

    private static double SquaredError(ImageBuffer a, ImageBuffer b) => a.Data.Zip(b.Data, (x, y) => (double)(x - y) * (x - y)).Sum();
}
