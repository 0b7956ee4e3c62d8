using System.Text.Json.Nodes;
using Unpress.Jpeg;
using Unpress.Networks;
using Unpress.Networks.Export;
using Unpress.Onnx;
using Unpress.Onnx.Schema;
using Unpress.Torch;
using Unpress.Torch.Nn;

namespace Unpress.Tests.Networks.Export;

/// <summary>
/// Every network of the catalogue as a graph in ONNX Runtime against itself in libtorch, small, with random weights, on odd sizes, colour
/// and gray: the largest difference, divided by the largest number of libtorch's result, is at most 1e-4.
/// </summary>
public sealed class ExportParityTests
{
    private static readonly (int Height, int Width)[] Sizes = [(43, 58), (64, 96), (37, 51)];

    private const string SmallDagn =
        """ "widths": [4, 4, 6, 8], "blocks": 1, "encoderWidth": 2, "encoderBlocks": [1, 1, 1, 1], "guiderWidth": 16 """;

    /// <summary>Small networks with options that take other paths.</summary>
    private static readonly (string Name, string Options)[] Variants =
    [
        ("arcnn", """{ "widths": [6, 4, 3], "pRelu": true, "residual": true }"""),
        ("dncnn", """{ "width": 4, "depth": 5, "batchNorm": true, "subtract": false }"""),
        ("rbqe", """{ "width": 3, "depth": 4, "threshold": 0.001 }"""),
        ("rbqe", """{ "width": 3, "depth": 4, "threshold": 2 }"""),
        ("rbqe", """{ "width": 3, "depth": 2, "threshold": 2, "attention": false, "codec": "hevc" }"""),
        ("ipt", """{ "width": 2, "patch": 8, "token": 2, "heads": 2, "layers": 1, "stride": 6 }"""),
        ("dagn", $$"""{ {{SmallDagn}}, "fusion": "literal" }"""),
        ("dagn", $$"""{ {{SmallDagn}}, "fusion": "joined", "sensitiveGuidance": false }"""),
        ("gated", """{ "network": "fbcnn", "options": { "widths": [4, 6, 6, 8], "blocks": 2 }, "width": 3, "grid": true, "start": 0 }"""),
        ("esrgan", """{ "width": 4, "blocks": 1, "growth": 3, "scale": 4 }"""),
    ];

    public static TheoryData<string, string> Cases
    {
        get
        {
            var cases = new TheoryData<string, string>();
            foreach (var entry in NetworkCatalog.All)
            {
                var options = entry.Resolve(SmallNetworks.Options(entry.Name));
                cases.Add(entry.Name, options.ToJsonString());
                if (options["channels"]?.GetValue<int>() is not { } channels)
                    continue;
                options["channels"] = channels == 1 ? 3 : 1;
                cases.Add(entry.Name, options.ToJsonString());
            }

            foreach (var (name, options) in Variants)
                cases.Add(name, options);
            return cases;
        }
    }

    [Theory]
    [MemberData(nameof(Cases))]
    public void A_graph_gives_what_its_network_gives(string name, string options)
    {
        using var network = Make(name, options);
        var model = ExportSample.Create(network, name, options);
        using var runner = new GraphRunner(model);
        foreach (var (height, width) in Sizes)
        {
            using var noGrad = Autograd.NoGrad();
            using var scope = TensorScope.Enter();
            var picture = Tensor.Rand([1, network.Facts.Channels, height, width]);
            var known = Known(network, height, width);
            var expected = network.Forward(picture, known);
            Same(expected, Restored(runner, picture, known));
            Assert.True((expected - picture).Abs().Max().Item() > 1e-3, "a network that does nothing proves nothing");
        }
    }

    [Theory]
    [MemberData(nameof(Cases))]
    public void What_is_found_in_the_whole_picture_is_given_to_its_parts(string name, string options)
    {
        using var network = Make(name, options);
        var model = ExportSample.Create(network, name, options);
        var facts = OnnxFile.FactsOf(model)!;
        if (facts.Surveys.Count == 0)
            return;
        using var noGrad = Autograd.NoGrad();
        using var scope = TensorScope.Enter();
        var picture = Tensor.Rand([1, network.Facts.Channels, 64, 96]);
        using var survey = new GraphRunner(GraphCut.Cut(model, [], facts.Surveys));
        var found = survey.Run(GraphRunner.Inputs(picture, Conditions.None), facts.Surveys);

        var expected = network.Survey(picture, Conditions.None);
        if (expected.Exit is { } exit)
            Assert.Equal(exit, found[ValueNames.Exit].Item());
        foreach (var (key, tensor) in expected.Global.Where(entry => found.ContainsKey(OnnxExport.SurveyPrefix + entry.Key)))
            Same(tensor, found[OnnxExport.SurveyPrefix + key]);
        if (network is IQualityPredictor { PredictsQuality: true } predictor && found.TryGetValue(ValueNames.Quality, out var quality))
            Same(predictor.PredictQuality(picture), quality);

        int multiple = network.Facts.SizeMultiple;
        var part = picture.Narrow(2, 0, 64 - multiple).Narrow(3, multiple, 96 - multiple).Contiguous();
        using var tile = new GraphRunner(GraphCut.Cut(model, facts.Surveys, [ValueNames.Restored]));
        var inputs = GraphRunner.Inputs(part, Conditions.None);
        foreach (var (key, tensor) in found)
            inputs[key] = tensor;
        Same(network.Forward(part, expected), tile.Run(inputs, ValueNames.Restored)[ValueNames.Restored]);
    }

    [Theory]
    [InlineData("fbcnn", 10)]
    [InlineData("fbcnn", 90)]
    [InlineData("one-to-many", 30)]
    public void A_quality_may_be_given(string name, double quality)
    {
        var known = Conditions.None with { Quality = Tensor.From([(float)quality], 1, 1) };
        GivenValuesCount(name, known, [ValueNames.Quality]);
    }

    [Fact]
    public void Noise_may_be_given()
        => GivenValuesCount("one-to-many", Conditions.None with { Noise = Tensor.Randn([1, 1, 43, 58]) }, [ValueNames.Noise]);

    [Fact]
    public void Coefficients_may_be_given_to_a_network_that_can_do_without()
    {
        var plane = new JpegPlane(Tensor.Randn([1, 1, 48, 64]), Tensor.Ones([1, 1, 8, 8]) * 16);
        GivenValuesCount("d3", new Conditions { Jpeg = new JpegTensors([plane]) }, [ValueNames.Coefficients(0), ValueNames.Table(0)]);
    }

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(3)]
    public void An_exit_may_be_given(int exit)
    {
        const string options = """{ "width": 3, "depth": 4 }""";
        using var network = Make("rbqe", options);
        var model = GraphCut.Cut(ExportSample.Create(network, "rbqe", options), [ValueNames.Exit], [ValueNames.Restored]);
        using var runner = new GraphRunner(model);
        using var noGrad = Autograd.NoGrad();
        using var scope = TensorScope.Enter();
        var picture = Tensor.Rand([1, 3, 43, 58]);
        var known = Conditions.None with { Exit = exit };
        Same(network.Forward(picture, known), Restored(runner, picture, known));
    }

    private static void GivenValuesCount(string name, Conditions known, string[] given)
    {
        using var network = SmallNetworks.Make(name);
        network.Eval();
        var model = ExportSample.Create(network, name, "{}");
        using var runner = new GraphRunner(GraphCut.Cut(model, given, [ValueNames.Restored]));
        using var noGrad = Autograd.NoGrad();
        using var scope = TensorScope.Enter();
        var picture = Tensor.Rand([1, network.Facts.Channels, 43, 58]);
        var expected = network.Forward(picture, known);
        Same(expected, Restored(runner, picture, known));
        Assert.True((expected - network.Forward(picture)).Abs().Max().Item() > 1e-5, "what is given changes nothing, which proves nothing");
    }

    private static Network Make(string name, string options)
    {
        var network = SmallNetworks.Make(name, JsonNode.Parse(options)!.AsObject());
        if (network is MsrResNet) // it starts so small that it does nothing
            Parity.Formula.Fill(network);
        // Patches that are equally blurred to seven digits would be grouped by chance.
        foreach (var (_, tensor) in network.NamedParameters().Where(entry => entry.Name.StartsWith("denet.", StringComparison.Ordinal)))
            Init.Normal(tensor, 0, 0.3);
        network.Eval();
        return network;
    }

    private static Conditions Known(Network network, int height, int width)
        => network.Facts.Needs == Knowledge.None ? Conditions.None : SmallNetworks.Know(network, height, width);

    private static Tensor Restored(GraphRunner runner, Tensor picture, Conditions known)
        => runner.Run(GraphRunner.Inputs(picture, known), ValueNames.Restored)[ValueNames.Restored];

    private static void Same(Tensor expected, Tensor found)
    {
        Assert.Equal(expected.Shape, found.Shape);
        double apart = (found.To(DType.Float64) - expected.To(DType.Float64)).Abs().Max().Item() / expected.Abs().Max().Item();
        Assert.True(apart <= ExportCheck.Tolerance, $"{apart} apart");
    }
}
