using Unpress.Imaging;
using Unpress.Lab.Reports.Pictures;

namespace Unpress.Tests.Lab.Reports;

public class PictureDetailTests
{
    [Fact]
    public void The_detail_is_where_compression_did_most_damage()
    {
        var original = new ImageBuffer(128, 96, ColourModel.Gray);
        var compressed = new ImageBuffer(128, 96, ColourModel.Gray);
        for (int y = 40; y < 60; y++)
            compressed.Data.AsSpan((y * 128) + 70, 20).Fill(90);
        var detail = PictureDetail.Worst(original, compressed, 32);
        Assert.Equal((32, 32), (detail.Width, detail.Height));
        Assert.InRange(detail.X, 58, 70);
        Assert.InRange(detail.Y, 28, 40);
    }

    [Fact]
    public void A_small_picture_is_shown_whole() =>
        Assert.Equal(new PictureDetail(0, 0, 20, 10),
            PictureDetail.Worst(new ImageBuffer(20, 10, ColourModel.Rgb), new ImageBuffer(20, 10, ColourModel.Rgb), 128));

    [Fact]
    public void Its_pixels_are_those_of_the_picture()
    {
        var image = new ImageBuffer(30, 20, ColourModel.Rgb);
        for (int i = 0; i < image.Data.Length; i++)
            image.Data[i] = (byte)i;
        var part = ImageFile.Load(new PictureDetail(3, 4, 5, 6).WebP(image), "part");
        Assert.Equal((5, 6), (part.Width, part.Height));
        Assert.Equal(image.Sample(3 + 4, 4 + 5, 2), part.Sample(4, 5, 2));
    }
}
