using Unpress.Imaging;
using Unpress.Vision;

namespace Unpress.Tests.Vision;

public class SegmenterTests
{
    private static readonly (byte, byte)[] Colours = [(255, 0), (0, 0), (0, 255), (0, 0)];

    [Fact]
    public void Each_pixel_gets_its_likeliest_class()
    {
        using var segmenter = new Segmenter(VisionModel.Open(SquarePicture.Model("segmenter")), new VisionInput());
        var map = segmenter.Segment(SquarePicture.Of(Colours));
        Assert.Equal([1, 0, 2, 0], Corners(map));
    }

    [Fact]
    public void Answers_are_of_the_pictures_size()
    {
        var picture = SquarePicture.Of(Colours, 5);
        using var squared = new Segmenter(VisionModel.Open(SquarePicture.Model("segmenter")), new VisionInput { Size = 16 });
        using var any = new Segmenter(VisionModel.Open(SquarePicture.Model("segmenter-any")), new VisionInput());
        foreach (var segmenter in (Segmenter[])[squared, any])
        {
            var map = segmenter.Segment(picture);
            Assert.Equal((80, 80), (map.Width, map.Height));
            Assert.Equal([1, 0, 2, 0], Corners(map));
        }
    }

    [Fact]
    public void A_letterbox_is_cut_off()
    {
        var wide = new ImageBuffer(64, 32, ColourModel.Rgb);
        for (int i = 0; i < 64 * 32; i++)
            wide.Data[(3 * i) + (i % 64 < 32 ? 0 : 2)] = 255;
        using var segmenter = new Segmenter(VisionModel.Open(SquarePicture.Model("segmenter")), new VisionInput { Size = 16, Fill = 0 });
        var map = segmenter.Segment(wide);
        Assert.Equal([1, 2, 1, 2], Corners(map));
        Assert.DoesNotContain((byte)0, map.Data); // nothing of the black above and below
    }

    [Fact]
    public void Another_output_is_refused()
    {
        using var segmenter = new Segmenter(VisionModel.Open(SquarePicture.Model("boxes")), new VisionInput());
        Assert.Contains("output: NAME", Assert.Throws<InvalidFileException>(() => segmenter.Segment(SquarePicture.Of(Colours))).Message,
            StringComparison.Ordinal);
        using var detector = new Segmenter(VisionModel.Open(SquarePicture.Model("yolov8")), new VisionInput());
        Assert.Contains("yolov8.onnx: is no segmenter: expected logits",
            Assert.Throws<InvalidFileException>(() => detector.Segment(SquarePicture.Of(Colours))).Message, StringComparison.Ordinal);
        using var named = new Segmenter(VisionModel.Open(SquarePicture.Model("segmenter")), new VisionInput(), names: 2);
        Assert.Contains("3 classes, its list of classes has 2 names",
            Assert.Throws<InvalidFileException>(() => named.Segment(SquarePicture.Of(Colours))).Message, StringComparison.Ordinal);
    }

    private static int[] Corners(ImageBuffer map) =>
        [map.Data[0], map.Data[map.Width - 1], map.Data[(map.Height - 1) * map.Width], map.Data[^1]];
}
