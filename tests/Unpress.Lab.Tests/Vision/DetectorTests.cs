using Unpress.Imaging;
using Unpress.Vision;

namespace Unpress.Tests.Vision;

public class DetectorTests
{
    private static readonly ImageBuffer Picture = SquarePicture.Of([(255, 0), (0, 0), (0, 204), (51, 102)]);

    [Fact]
    public void The_layout_of_yolov8_is_read()
    {
        using var detector = Open("yolov8", new DetectorOptions { Layout = DetectorLayout.YoloV8, Confidence = 0.1 });
        Assert.Collection(
            detector.Detect(Picture),
            one => SquarePicture.Near(new(0, 1, new(1, 1, 7, 7)), one),
            one => SquarePicture.Near(new(1, 0.8, new(1, 9, 7, 15)), one),
            one => SquarePicture.Near(new(1, 0.4, new(9, 9, 15, 15)), one)); // one class a box, the likelier
    }

    [Fact]
    public void The_layout_of_yolov5_is_read()
    {
        using var detector = Open("yolov5", new DetectorOptions { Layout = DetectorLayout.YoloV5, Confidence = 0.5 });
        Assert.Collection(
            detector.Detect(Picture),
            one => SquarePicture.Near(new(0, 1, new(1, 1, 7, 7)), one),
            one => SquarePicture.Near(new(1, 0.8, new(1, 9, 7, 15)), one));
    }

    [Fact]
    public void Boxes_scores_and_classes_are_read_from_one_output_and_from_three()
    {
        using var rows = Open("rows", new DetectorOptions { Layout = DetectorLayout.Rows, Confidence = 0.1, FirstClass = 1 });
        using var triple = Open("boxes", new DetectorOptions
        {
            Layout = DetectorLayout.Boxes,
            Confidence = 0.1,
            FirstClass = 1,
            Outputs = ["edges", "blue", "class"],
        });
        foreach (var detector in (Detector[])[rows, triple])
        {
            Assert.Collection(
                detector.Detect(Picture),
                one => SquarePicture.Near(new(0, 0.8, new(1, 9, 7, 15)), one),
                one => SquarePicture.Near(new(0, 0.4, new(9, 9, 15, 15)), one));
        }
    }

    [Fact]
    public void Boxes_come_back_through_letterbox_and_stretch()
    {
        // Twice as wide as high: in the letterbox squares are halves of the content's height.
        var wide = new ImageBuffer(64, 32, ColourModel.Rgb);
        wide.Data.AsSpan().Fill(255);
        var options = new DetectorOptions { Layout = DetectorLayout.YoloV8, Input = new VisionInput { Size = 16, Fill = 0 }, Confidence = 0.4 };
        using var letterbox = Open("yolov8", options);
        var found = letterbox.Detect(wide);
        Assert.Equal(4, found.Count); // each square is half content: 0.5
        Assert.All(found, one => Assert.Equal(0.5, one.Score, 2));
        // The content is rows 4 to 11: input 1..7 is cut at 4, and a pixel of the input is 4 of the picture.
        Assert.Contains(found, one => one.Box == new Box(4, 0, 28, 12));
        using var stretch = Open("yolov8", options with { Input = options.Input with { Fit = InputFit.Stretch } });
        Assert.Contains(stretch.Detect(wide), one => one.Box == new Box(4, 2, 28, 14));
    }

    [Fact]
    public void Doubles_go_and_colours_may_be_turned()
    {
        var options = new DetectorOptions { Layout = DetectorLayout.YoloV8, Confidence = 0.1, Most = 1, Input = new VisionInput { Bgr = true } };
        using var detector = Open("yolov8", options);
        Assert.Equal(1, Assert.Single(detector.Detect(Picture)).Class); // red is where blue was
    }

    [Fact]
    public void What_does_not_fit_is_said()
    {
        using var detector = Open("boxes", new DetectorOptions { Layout = DetectorLayout.YoloV8 });
        Assert.Contains("boxes.onnx: does not answer in the layout yolov8: it has one output, not", Refused(detector, Picture), StringComparison.Ordinal);
        using var other = Open("boxes", new DetectorOptions { Layout = DetectorLayout.Boxes });
        Assert.Contains("no output 'boxes', only", Refused(other, Picture), StringComparison.Ordinal);
        using var turned = Open("yolov5", new DetectorOptions { Layout = DetectorLayout.YoloV8 });
        Assert.Contains("expected (4+C)×N, got rows [1, 4, 7]", Refused(turned, Picture), StringComparison.Ordinal);
        using var samples = Open("yolov8", new DetectorOptions { Layout = DetectorLayout.YoloV8, Input = new VisionInput { Deviation = [1, 1, 1] } });
        Assert.Contains("a score of 255 in cells", Refused(samples, Picture), StringComparison.Ordinal);
        using var fixedSize = Open("yolov8", new DetectorOptions { Layout = DetectorLayout.YoloV8 });
        Assert.Contains("yolov8.onnx: cannot be run on 48x48 pixels; if",
            Refused(fixedSize, SquarePicture.Of([(1, 1), (1, 1), (1, 1), (1, 1)], 3)), StringComparison.Ordinal);
        string file = Path.GetTempFileName();
        File.WriteAllText(file, "no model");
        Assert.Contains("no ONNX file", Assert.Throws<InvalidFileException>(() => VisionModel.Open(file)).Message, StringComparison.Ordinal);
        File.Delete(file);
        Assert.Throws<InvalidFileException>(() => VisionModel.Open("nowhere.onnx"));
    }

    private static string Refused(Detector detector, ImageBuffer picture) => Assert.Throws<InvalidFileException>(() => detector.Detect(picture)).Message;

    private static Detector Open(string model, DetectorOptions options) => new(VisionModel.Open(SquarePicture.Model(model)), options);
}
