using System.Text.Json.Nodes;
using Unpress.Imaging;
using Unpress.Lab;
using Unpress.Lab.Experiments;
using Unpress.Lab.Recipes;
using Unpress.Lab.Results;
using Unpress.Networks;
using Unpress.Recipes;
using Unpress.Torch;
using Unpress.Torch.Weights;

namespace Unpress.Tests.Lab;

public sealed class CandidatesExperimentTests : IDisposable
{
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("unpress-candidates-");

    public CandidatesExperimentTests()
    {
        Directory.CreateDirectory(At("set"));
        var picture = new ImageBuffer(35, 32, ColourModel.Rgb);
        for (int i = 0; i < picture.Data.Length; i++)
            picture.Data[i] = (byte)(60 + (i / 105) + (i % 105));
        ImageFile.Save(picture, At("set/a.png"));
        SaveModel("many.safetensors", """{ "channels": 3, "width": 4, "branchUnits": 1, "aggregationUnits": 1 }""");
        SaveModel("one.safetensors", """{ "channels": 3, "width": 4, "branchUnits": 1, "aggregationUnits": 1, "noise": false }""");
    }

    public void Dispose() => _folder.Delete(recursive: true);

    [Fact]
    public void Candidates_move_apart_with_the_noise_and_agree_with_the_file_once_moved_into_its_cells()
    {
        var figures = Run(Recipe("many.safetensors"));
        Assert.All(figures, figure => Assert.Null(figure.Error));
        Assert.Equal(0, Value("many, z 0", "apart"));
        Assert.InRange(Value("many, z 1", "apart"), 0.01, 255);
        Assert.InRange(Value("many, z 3", "apart"), Value("many, z 1", "apart"), 255);
        Assert.True(Value("many, z 1", "in-cells") < 0.99, "random weights know nothing of the file");
        Assert.InRange(Value("cells, z 1", "in-cells"), 0.999, 1);
        Assert.InRange(Value(Figure.Raw, "in-cells"), 0.99, 1);
        Assert.DoesNotContain(figures, figure => figure is { Enhancer: Figure.Compressed, Metric: "apart" });
        Assert.DoesNotContain(figures, figure => figure is { Enhancer: Figure.Raw, Metric: "psnr" });
        Assert.True(File.Exists(Kept(2)), "the second candidate is kept");

        double Value(string enhancer, string metric) => figures.Single(figure => figure.Enhancer == enhancer && figure.Metric == metric).Value!.Value;
    }

    [Fact]
    public void The_metrics_are_means_over_the_candidates()
    {
        var figures = Run(Recipe("many.safetensors"));
        var original = ImageFile.Load(At("set/a.png"));
        double expected = Enumerable.Range(1, 2)
            .Average(k => new Unpress.Metrics.Psnr().Measure(original, ImageFile.Load(Kept(k))));
        Assert.Equal(expected, figures.Single(figure => figure.Enhancer == "many, z 1" && figure.Metric == "psnr").Value!.Value, 9);
    }

    [Fact]
    public void What_has_one_answer_is_refused()
    {
        Assert.Contains("one answer", Assert.Throws<RecipeException>(() => Run(Recipe("one.safetensors"))).Message, StringComparison.Ordinal);
        var program = Recipe("many.safetensors") with { Enhancers = [new EnhancerSection { Name = "copy", Command = "cp {in} {out}" }] };
        Assert.Contains("one answer", Assert.Throws<RecipeException>(() => Run(program)).Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(0, 0)]
    [InlineData(6, 6)]
    public void The_grid_is_what_a_picture_of_one_colour_has_of_it(int amplitude, double expected)
    {
        var picture = new ImageBuffer(32, 16, ColourModel.Rgb);
        for (int i = 0; i < picture.Data.Length; i++)
        {
            int x = i / 3 % 32, y = i / 96;
            picture.Data[i] = (byte)(100 + ((x + y) % 2 == 0 ? amplitude : -amplitude));
        }

        Assert.Equal(expected, GridTrace.Of(picture), 9);
    }

    private static string Name(string file) => Path.GetFileNameWithoutExtension(file);

    private LabRecipe Recipe(string model) => LabRecipe.Parse(
        $$"""
        name: candidates
        sets: [{ name: tiny, folder: {{At("set")}} }]
        compression: [{ codec: jpeg, settings: [50] }]
        enhancers:
          - { name: {{Name(model)}}, model: {{At(model)}} }
          - { name: cells, model: {{At(model)}}, consistent: true }
        metrics: [psnr]
        candidates: { count: 2, noise: [0, 1, 3], seed: 5 }
        """,
        "candidates.yaml");

    private IReadOnlyList<Figure> Run(LabRecipe recipe) =>
        LabRunner.Run(new CandidatesExperiment(), recipe, new LabFolder(At("run")), "unpress lab", null, default);

    // The untrained network is made to give something that passes for a picture.
    private void SaveModel(string name, string json)
    {
        TorchRuntime.Seed(4);
        var entry = NetworkCatalog.Find("one-to-many");
        var options = JsonNode.Parse(json)!.AsObject();
        using var network = entry.Create(options);
        using (Autograd.NoGrad())
        {
            foreach (var (parameter, tensor) in network.NamedParameters().Where(one => one.Name.StartsWith("grow.", StringComparison.Ordinal)))
            {
                if (parameter.EndsWith("bias", StringComparison.Ordinal))
                    tensor.Fill(0.5);
                else
                    tensor.Copy(tensor * 0.03);
            }
        }

        ModelFile.Save(At(name), entry, options, network.StateDict().Select(item => item.Tensor.ToStored(item.Name)));
    }

    private string Kept(int candidate) => new LabFolder(At("run")).Picture("tiny", "a", "jpeg", 50, CandidatesExperiment.Label("many", 1), candidate);

    private string At(string name) => Path.Combine(_folder.FullName, name);
}
