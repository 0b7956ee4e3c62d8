using System.Diagnostics;
using Unpress.Data;
using Unpress.Imaging;
using Unpress.Inference;
using Unpress.Models;
using Unpress.Onnx;
using Unpress.Onnx.Schema;
using Unpress.Tests.Inference;
using static Unpress.Tests.Models.OnnxGraphs;

namespace Unpress.Tests.Models;

public sealed class OnnxModelTests : IDisposable
{
    private static readonly string[] Any = ["N", "3", "H", "W"];
    private static readonly string[] AnyLast = ["N", "H", "W", "3"];
    private static readonly string[] Window = ["1", "3", "32", "48"];

    // Red brighter by 20 levels, green left, blue darker by 40.
    private static readonly float[] Tint = [20 / 255f, 0, -40 / 255f];

    private readonly OnnxGraphs _graphs = new();

    public void Dispose() => _graphs.Dispose();

    [Fact]
    public void A_picture_goes_through_a_file_of_others()
        => Assert.Equal(Tinted(), Enhanced(_graphs.Save(Any, Any, [Node("Add", "x t", "y")], weights: Floats("t", [3, 1, 1], Tint))));

    [Fact]
    public void Dimensions_and_halves_are_read_off_the_graph()
    {
        Assert.Equal(Tinted(), Enhanced(_graphs.Save(AnyLast, AnyLast, [Node("Add", "x t", "y")], weights: Floats("t", [3], Tint))));
        Assert.Equal(Tinted(), Enhanced(_graphs.Save(Any, Any, [Node("Add", "x t", "y")], ElementType.Float16, weights: Halves("t", [3, 1, 1], Tint))));
    }

    [Theory]
    [InlineData("range=0..255", 255)]
    [InlineData("range=-1..1", 2)]
    public void A_range_is_told(string facts, float scale)
        => Assert.Equal(Tinted(), Enhanced(
            _graphs.Save(Any, Any, [Node("Add", "x t", "y")], weights: Floats("t", [3, 1, 1], [.. Tint.Select(value => value * scale)])), facts));

    [Theory]
    [InlineData("colours=bgr", false)]
    [InlineData("colours=bgr, layout=nhwc", true)]
    public void An_order_of_colours_is_told(string facts, bool last)
        => Assert.Equal(Tinted(), Enhanced(_graphs.Save(
            last ? AnyLast : Any, last ? AnyLast : Any, [Node("Add", "x t", "y")], weights: Floats("t", last ? [3] : [3, 1, 1], [.. Tint.Reverse()])), facts));

    [Fact]
    public void A_model_that_takes_multiples_only_gets_them()
    {
        // Four by four pixels become one of 48 channels and come back.
        string path = _graphs.Save(Any, Any, [
            Node("Add", "x t", "a"), Node("SpaceToDepth", "a", "b", Number("blocksize", 4)), Node("DepthToSpace", "b", "y", Number("blocksize", 4)),
        ], weights: Floats("t", [3, 1, 1], Tint));
        using var model = OnnxModel.Open(path);
        Assert.Equal((4, PaddingPlace.Outside), (model.Facts.SizeMultiple, model.Facts.Padding));
        Assert.Equal(Tinted(), Enhanced(path));
        Assert.Equal(Tinted(), Enhanced(path, "size-multiple=8, padding=outside"));
    }

    [Theory]
    [InlineData(90, 70)]
    [InlineData(48, 32)]
    [InlineData(20, 100)]
    public void A_model_of_one_size_works_window_by_window(int width, int height)
    {
        // What a pixel sees must not be cut: the mean of 3×3, which knows no neighbours outside.
        var blur = Node("Conv", "x k", "y", Numbers("kernel_shape", 3, 3), Numbers("pads", 1, 1, 1, 1), Number("group", 3));
        var kernel = Floats("k", [3, 1, 3, 3], [.. Enumerable.Repeat(1 / 9f, 27)]);
        var image = InferencePictures.Noise(width, height, ColourModel.Rgb);
        using var small = new ModelEnhancer("window", Open(_graphs.Save(Window, Window, [blur], weights: kernel), "receptive-field=4"));
        using var whole = new ModelEnhancer("whole", Open(_graphs.Save(Any, Any, [blur], weights: kernel), "receptive-field=4"));
        var (actual, expected) = (small.Enhance(image), whole.Enhance(image));
        // At the border the one sees zeros, the other what was repeated: only where the picture is smaller than the window.
        for (int y = 0; y < height - 1; y++)
            for (int x = 0; x < width - 1; x++)
                Assert.InRange(Math.Abs(actual.Sample(x, y, 1) - expected.Sample(x, y, 1)), 0, 0);
    }

    [Fact]
    public void Models_of_no_use_are_refused_with_the_reason()
    {
        var resize = Node("Resize", "x  s", "y");
        Assert.Contains("2 times as large", Refusal(_graphs.Save(Any, ["N", "3", "2H", "2W"], [resize], weights: Floats("s", [4], 1, 1, 2, 2))));
        Assert.Contains("2 times as large", Refusal(_graphs.Save(Window, ["1", "3", "64", "96"], [resize], weights: Floats("s", [4], 1, 1, 2, 2))));
        var valid = Node("Conv", "x k", "y", Numbers("kernel_shape", 3, 3), Number("group", 3));
        Assert.Contains("leave the size", Refusal(_graphs.Save(Any, Any, [valid], weights: Floats("k", [3, 1, 3, 3], new float[27]))));
        Assert.Contains("5 channels", Refusal(_graphs.Save(["N", "5", "H", "W"], ["N", "5", "H", "W"], [Node("Relu", "x", "y")])));
        Assert.Contains("no input of four", Refusal(_graphs.Save(["N", "K"], ["N", "K"], [Node("Relu", "x", "y")])));
        Assert.Contains("Invented", Refusal(_graphs.Save(Any, Any, [Node("Invented", "x", "y")])));
        var graph = new GraphProto { Name = "two" };
        graph.Input.Add([Value("x", ElementType.Float, Any), Value("strength", ElementType.Float, "1")]);
        graph.Output.Add(Value("y", ElementType.Float, Any));
        graph.Node.Add(Node("Mul", "x strength", "y"));
        Assert.Contains("'strength' besides", Refusal(_graphs.Save(graph)));
    }

    [Theory]
    [InlineData("rnage=0..255", "no fact 'rnage'")]
    [InlineData("range=9..1", "range")]
    [InlineData("range", "key=value")]
    [InlineData("colours=bgr, colours=rgb", "twice")]
    public void Facts_that_make_no_sense_are_refused(string facts, string reason)
    {
        string path = _graphs.Save(Any, Any, [Node("Relu", "x", "y")]);
        Assert.Contains(reason, Assert.Throws<ArgumentException>(() => Open(path, facts)).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void What_a_model_finds_in_the_whole_is_given_to_its_tiles()
    {
        // Of one colour, so that whatever part of it is surveyed has its mean: without memory that is the middle.
        var image = new ImageBuffer(200, 150, ColourModel.Rgb, data: [.. Enumerable.Repeat<byte[]>([100, 120, 140], 200 * 150).SelectMany(pixel => pixel)]);
        using var whole = new ModelEnhancer("whole", OnnxModel.Open(Surveyed()));
        using var tiled = new ModelEnhancer("tiled", OnnxModel.Open(Surveyed()), new ModelEnhancerOptions { Memory = 1 });
        int tiles = 0;
        Assert.Equal([85, 102, 119], whole.Enhance(image).Data[..3]);
        Assert.Equal(whole.Enhance(image).Data, tiled.Enhance(image, null, progress => tiles = progress.Total, default).Data);
        Assert.True(tiles >= 4, $"{tiles} tiles");
    }

    [Fact]
    public void A_value_that_may_be_given_is_given()
    {
        // Brighter by a hundredth of a level for each percent of quality, which is the picture's mean · 100 where nobody says it.
        var graph = new GraphProto { Name = "quality" };
        graph.Input.Add(Value("image", ElementType.Float, "N", "1", "H", "W"));
        graph.Output.Add([Value("restored", ElementType.Float, "N", "1", "H", "W"), Value("quality", ElementType.Float, "N", "1")]);
        graph.Initializer.Add([Floats("hundred", [1], 100), Floats("share", [1], 0.2f / 255)]);
        graph.Node.Add([
            Node("ReduceMean", "image", "/mean", Numbers("axes", 2, 3), Number("keepdims", 0)), Node("Mul", "/mean hundred", "quality"),
            Node("Unsqueeze", "quality /axes", "/deep"), Node("Mul", "/deep share", "/step"), Node("Add", "image /step", "restored"),
        ]);
        graph.Initializer.Add(new TensorProto { Name = "/axes", DataType = (int)ElementType.Int64, Dims = { 2 }, Int64Data = { 2, 3 } });
        var facts = new ModelFacts { Network = "test", Channels = 1, ReceptiveField = 0, Uses = ModelInputs.Quality };
        string path = _graphs.Save(graph, facts);
        var image = new ImageBuffer(2, 1, ColourModel.Gray, data: [51, 153]); // mean 0.4
        byte[] At(int? quality)
        {
            using var enhancer = new ModelEnhancer("asked", OnnxModel.Open(path), new ModelEnhancerOptions { Quality = quality });
            return enhancer.Enhance(image).Data;
        }

        Assert.Equal([59, 161], At(null));
        Assert.Equal([53, 155], At(10));
        Assert.Equal([71, 173], At(100));
    }

    [Fact]
    public void A_run_ends_when_it_is_cancelled()
    {
        // Hundreds of convolutions over a large picture take much longer than the test waits.
        var nodes = Enumerable.Range(0, 400).Select(k => Node(
            "Conv", k == 0 ? "x k" : $"v{k - 1} k", k == 399 ? "y" : $"v{k}", Numbers("kernel_shape", 5, 5), Numbers("pads", 2, 2, 2, 2))).ToArray();
        using var model = Open(_graphs.Save(Any, Any, nodes, weights: Floats("k", [3, 3, 5, 5], [.. Enumerable.Repeat(1 / 75f, 225)])), "receptive-field=4");
        using var source = new CancellationTokenSource(TimeSpan.FromMilliseconds(100));
        using var enhancer = new ModelEnhancer("slow", model);
        Assert.ThrowsAny<OperationCanceledException>(() => enhancer.Enhance(InferencePictures.Noise(1500, 1500, ColourModel.Rgb), source.Token));
    }

    [Fact]
    public async Task A_model_that_is_closed_ends_its_runs_first()
    {
        string path = _graphs.Save(Any, Any, [.. Enumerable.Range(0, 400).Select(k => Node("Add", k == 0 ? "x t" : $"v{k - 1} t", k == 399 ? "y" : $"v{k}"))],
            weights: Floats("t", [3, 1, 1], Tint));
        using var picture = new Planes(3, 512, 512);
        using var made = new Planes(3, 512, 512);
        picture.Values.Clear();
        for (int ran = 0; ran < 3;)
        {
            var model = OnnxModel.Open(path);
            var clock = Stopwatch.StartNew();
            model.Run(new ModelInput { Picture = picture }, made);
            var half = clock.Elapsed / 2;
            made.Values.Clear();
            var run = Task.Run(() => model.Run(new ModelInput { Picture = picture }, made));
            await Task.Delay(half);
            model.Dispose();
            try
            {
                await run;
                Assert.Equal(400 * Tint[0], made.Row(0, 511)[511], 0.01);
                ran++;
            }
            catch (ObjectDisposedException)
            {
                continue; // it had not begun
            }

            Assert.Throws<ObjectDisposedException>(() => model.Run(new ModelInput { Picture = picture }, made));
        }
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void A_loop_without_end_is_refused(bool withFacts)
    {
        var body = new GraphProto { Name = "body" };
        body.Input.Add([Value("round", ElementType.Int64), Value("go", ElementType.Bool), Value("in", ElementType.Float, Any)]);
        body.Node.Add([Node("Identity", "go", "on"), Node("Relu", "in", "out")]);
        body.Output.Add([Value("on", ElementType.Bool), Value("out", ElementType.Float, Any)]);
        var graph = new GraphProto { Name = "loop" };
        graph.Input.Add(Value("x", ElementType.Float, Any));
        graph.Output.Add(Value("y", ElementType.Float, Any));
        graph.Node.Add(Node("Loop", "  x", "y", new AttributeProto { Name = "body", Type = AttributeProto.Types.AttributeType.Graph, G = body }));
        string path = _graphs.Save(graph, withFacts ? new ModelFacts { Network = "test", Channels = 3, ReceptiveField = 0 } : null);
        var error = Assert.Throws<OnnxFileException>(() => OnnxModel.Open(path, new OnnxModelOptions { Patience = TimeSpan.FromSeconds(0.5) }));
        Assert.Contains("a loop without end", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Memory_is_kept_within_by_what_the_file_says()
    {
        var facts = new ModelFacts { Network = "test", Channels = 3, ReceptiveField = 0, BytesPerPixel = 1000, FixedBytes = 5_000_000 };
        using var model = OnnxModel.Open(_graphs.Save(Any, Any, [Node("Relu", "x", "y")], facts: facts));
        Assert.Equal(10_000, model.PixelsIn(15_240_000, 1_000_000, besides: 24));
        Assert.Equal(1, model.PixelsIn(-1, 1_000_000, besides: 24));
        Assert.Equal(100, model.PixelsIn(1 << 30, 100, besides: 24));
    }

    [Fact]
    public void Devices_that_the_library_was_not_built_for_are_named()
    {
        string path = _graphs.Save(Any, Any, [Node("Relu", "x", "y")]);
        Assert.Throws<ArgumentException>(() => OnnxModel.Open(path, new OnnxModelOptions { Device = "abacus" }));
        if (OnnxRuntimeLibrary.Providers.Contains("CUDA"))
            return;
        string message = Assert.Throws<MissingToolException>(() => OnnxModel.Open(path, new OnnxModelOptions { Device = OnnxDevice.Cuda })).Message;
        Assert.Contains(OnnxRuntimeLibrary.Variable, message, StringComparison.Ordinal);
    }

    private static OnnxModel Open(string path, string? facts) => OnnxModel.Open(path, new OnnxModelOptions { Facts = FactText.Parse(facts) });

    private static string Refusal(string path)
    {
        string message = Assert.Throws<OnnxFileException>(() => OnnxModel.Open(path)).Message;
        Assert.StartsWith(path, message, StringComparison.Ordinal);
        Assert.DoesNotContain('\n', message);
        return message;
    }

    // Odd sides, and no value that the tint would push out of range.
    private static ImageBuffer Picture()
    {
        var image = InferencePictures.Noise(37, 29, ColourModel.Rgb);
        for (int k = 0; k < image.Data.Length; k++)
            image.Data[k] = (byte)(60 + (image.Data[k] / 2));
        return image;
    }

    private static byte[] Tinted() => [.. Picture().Data.Select((value, k) => (byte)(value + (k % 3) switch { 0 => 20, 1 => 0, _ => -40 }))];

    private static byte[] Enhanced(string path, string? facts = null)
    {
        using var enhancer = new ModelEnhancer("test", Open(path, facts));
        return enhancer.Enhance(Picture()).Data;
    }

    /// <summary>The picture less a part of its mean, which is a survey.</summary>
    private string Surveyed()
    {
        var graph = new GraphProto { Name = "mean" };
        graph.Input.Add(Value("image", ElementType.Float, Any));
        graph.Output.Add([Value("restored", ElementType.Float, Any), Value("survey_mean", ElementType.Float, "N", "3", "1", "1")]);
        graph.Initializer.Add(Floats("share", [1], -0.15f));
        graph.Node.Add([Node("GlobalAveragePool", "image", "survey_mean"), Node("Mul", "survey_mean share", "/part"), Node("Add", "image /part", "restored")]);
        return _graphs.Save(graph, new ModelFacts { Network = "test", Channels = 3, ReceptiveField = 0, Surveys = ["survey_mean"] });
    }
}
