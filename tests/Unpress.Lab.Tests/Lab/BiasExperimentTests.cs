using System.Text.Json.Nodes;
using Unpress.Imaging;
using Unpress.Lab;
using Unpress.Lab.Experiments;
using Unpress.Lab.Recipes;
using Unpress.Lab.Results;
using Unpress.Networks;
using Unpress.Networks.Discriminators;
using Unpress.Torch;
using Unpress.Torch.Weights;
using Unpress.Training;

namespace Unpress.Tests.Lab;

public sealed class BiasExperimentTests : IDisposable
{
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("unpress-bias-");

    public void Dispose() => _folder.Delete(recursive: true);

    [Fact]
    public void Realism_is_measured_on_raw_compressed_and_enhanced_pictures_and_the_triangle_has_its_third_side()
    {
        SaveDiscriminator("vanilla", conditional: false);
        SaveDiscriminator("conditional", conditional: true);
        SaveEncoder();
        var figures = Run(
            $$"""
              features: { weights: {{At("encoder.safetensors")}}, layers: [{ name: conv2_2 }] }
            """,
            "vanilla", "conditional");
        Assert.All(figures, figure => Assert.Null(figure.Error));
        double Value(string enhancer, string metric) => figures.Single(figure => figure.Enhancer == enhancer && figure.Metric == metric).Value!.Value;
        foreach (string metric in (string[])["realism-vanilla", "realism-conditional"])
        {
            Assert.All((string[])[Figure.Raw, Figure.Compressed, "copy"], enhancer => Assert.InRange(Value(enhancer, metric), 0, 1));
            Assert.Equal(Value(Figure.Compressed, metric), Value("copy", metric)); // a copy is the compressed picture
            Assert.NotEqual(Value(Figure.Raw, metric), Value(Figure.Compressed, metric));
        }

        Assert.Equal(double.PositiveInfinity, Value("copy", "psnr-to-compressed"));
        Assert.Equal(Value(Figure.Compressed, "psnr"), Value("copy", "psnr"));
        Assert.DoesNotContain(figures, figure => figure is { Enhancer: Figure.Raw, Metric: "psnr" or "features" });
        Assert.Equal(0, Value("copy", "features-to-compressed"));
        Assert.True(Value("copy", "features") > 0);
        Assert.Equal(Value(Figure.Compressed, "features"), Value("copy", "features"));
    }

    /// <summary>An offset of the logits changes nothing in a relativistic game, so it must not change its score.</summary>
    [Fact]
    public void Realism_of_a_relativistic_game_is_relative()
    {
        SaveDiscriminator("plain", conditional: false, game: "ragan");
        SaveDiscriminator("offset", conditional: false, game: "ragan", offset: 5);
        var figures = Run("", "plain", "offset");
        double Value(string enhancer, string metric) => figures.Single(figure => figure.Enhancer == enhancer && figure.Metric == metric).Value!.Value;
        foreach (string enhancer in (string[])[Figure.Raw, Figure.Compressed, "copy"])
            Assert.Equal(Value(enhancer, "realism-plain"), Value(enhancer, "realism-offset"), 5);
        // Each side of the game against the other: the margins are opposite.
        Assert.InRange(Value(Figure.Raw, "realism-plain") + Value("copy", "realism-plain"), 0.9, 1.1);
    }

    [Theory]
    [InlineData(1, 1, 2, 0)]
    [InlineData(0, 2, 2, -100)] // nothing was done to the compressed pictures
    [InlineData(2, 0, 2, 100)] // restored perfectly
    public void Deviation_says_which_domain_is_nearer(double compressedEnhanced, double rawEnhanced, double compressedRaw, double percent) =>
        Assert.Equal(percent, DomainTriangle.Deviation(compressedEnhanced, rawEnhanced, compressedRaw), 9);

    [Theory]
    [InlineData(false, "", 0.25, 0.25)]
    [InlineData(true, "dB", 20, 0.1)] // 20 dB are a mean squared error of 0.01
    [InlineData(true, "", 0.9, null)]
    public void Distances_are_sides_and_so_is_the_error_behind_psnr(bool higher, string unit, double mean, double? expected) =>
        Assert.Equal(expected, DomainTriangle.Side(new MetricFacts("m", "", higher, unit, 4, ""), mean));

    [Fact]
    public void A_file_without_discriminator_is_named()
    {
        SafeTensors.Save(At("x.safetensors"), [], new Dictionary<string, string>());
        Assert.Contains("no checkpoint", Assert.Throws<TrainingException>(() => TrainedDiscriminator.Load(At("x.safetensors"))).Message,
            StringComparison.Ordinal);
    }

    /// <summary>The figures of one picture of noise, JPEG at quality 10 and a copy of that, judged by the saved discriminators.</summary>
    /// <param name="more">Further lines of the section "bias".</param>
    private IReadOnlyList<Figure> Run(string more, params string[] discriminators)
    {
        Directory.CreateDirectory(At("set"));
        var picture = new ImageBuffer(40, 36, ColourModel.Rgb);
        new Random(1).NextBytes(picture.Data);
        ImageFile.Save(picture, At("set/a.png"));
        string judges = string.Join(", ", discriminators.Select(name => $"{{ name: {name}, checkpoint: {At($"{name}.safetensors")} }}"));
        var recipe = LabRecipe.Parse(
            $$"""
            name: bias
            sets: [{ name: tiny, folder: {{At("set")}} }]
            compression: [{ codec: jpeg, settings: [10] }]
            enhancers: [{ name: copy, command: "cp {in} {out}" }]
            metrics: [psnr]
            bias:
              crop: 16
              discriminators: [{{judges}}]
            {{more}}
            """,
            "bias.yaml");
        return LabRunner.Run(new BiasExperiment(), recipe, new LabFolder(At("run")), "unpress lab", null, default);
    }

    private void SaveDiscriminator(string name, bool conditional, string game = "vanilla", float offset = 0)
    {
        var options = new JsonObject { ["width"] = 4, ["conditional"] = conditional };
        TorchRuntime.Seed(5);
        using var discriminator = DiscriminatorCatalog.Find("unet").Create(options);
        if (offset != 0)
        {
            using var noGrad = Autograd.NoGrad();
            using var scope = TensorScope.Enter();
            var bias = discriminator.StateDict().Last(entry => entry.Name.EndsWith("bias", StringComparison.Ordinal)).Tensor;
            bias.Copy(bias + offset);
        }

        string recipe = $$"""
            name: x
            network: { type: arcnn }
            data: { folders: [{ path: p }] }
            objective: [{ loss: l1 }]
            steps: 1
            discriminator: { type: unet, width: 4, conditional: {{(conditional ? "true" : "false")}}, gan: {{game}} }
            """;
        SafeTensors.Save(
            At($"{name}.safetensors"),
            discriminator.StateDict().Select(entry => entry.Tensor.ToStored($"discriminator.{entry.Name}")),
            new Dictionary<string, string> { ["recipe"] = recipe });
    }

    private void SaveEncoder()
    {
        var entry = NetworkCatalog.Find("encoder");
        var options = JsonNode.Parse("""{ "width": 2, "blocks": [1, 2, 1, 1, 1] }""")!.AsObject();
        TorchRuntime.Seed(5);
        using var encoder = entry.Create(options);
        ModelFile.Save(At("encoder.safetensors"), entry, options, encoder.StateDict().Select(item => item.Tensor.ToStored(item.Name)));
    }

    private string At(string name) => Path.Combine(_folder.FullName, name);
}
