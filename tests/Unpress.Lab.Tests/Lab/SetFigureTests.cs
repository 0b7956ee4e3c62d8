using Unpress.Imaging;
using Unpress.Lab;
using Unpress.Lab.Experiments;
using Unpress.Lab.Recipes;
using Unpress.Lab.Reports;
using Unpress.Lab.Results;
using Unpress.Metrics;

namespace Unpress.Tests.Lab;

/// <summary>FID and KID in runs, with features that need no weights.</summary>
public sealed class SetFigureTests : IDisposable
{
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("unpress-sets-");

    public void Dispose() => _folder.Delete(recursive: true);

    [Fact]
    public void Figures_are_of_the_whole_set_and_the_triangle_has_three_sides()
    {
        Pictures(4);
        var figures = Run();
        Assert.All(figures, figure => Assert.Null(figure.Error));
        Figure Of(string enhancer, string metric) => figures.Single(figure => figure.Enhancer == enhancer && figure.Metric == metric && figure.Cycle != 2);
        Assert.Equal((Figure.WholeSet, 4), (Of("copy", "fid").Picture, Of("copy", "fid").Pictures!.Value));
        Assert.Equal(Of(Figure.Compressed, "fid").Value, Of("copy", "fid").Value);
        Assert.Equal(0, Of("copy", "fid-to-compressed").Value!.Value, 6);
        Assert.True(Of("black", "fid-to-compressed").Value > 0);
        Assert.Equal(2, figures.Count(figure => figure is { Enhancer: "black", Metric: "kid" })); // one a cycle
        Assert.DoesNotContain(figures, figure => figure.Enhancer == Figure.Raw);

        var table = new FigureTable(figures);
        Assert.Equal(4, table.Count("tiny", "jpeg", 20, "copy", 1, "fid"));
        Assert.Equal(table.BitsPerPixel("tiny", "jpeg", 20, "psnr"), table.BitsPerPixel("tiny", "jpeg", 20, "fid"));
        // Nothing was done to the compressed pictures: as far to them as can be.
        string report = LabReport.Text(LabRun.Read(At("run")), ReportFormat.Md);
        Assert.Contains("Triangle of the domains", report, StringComparison.Ordinal);
        Assert.Contains("-100.0", report, StringComparison.Ordinal);
    }

    [Fact]
    public void Pictures_that_join_later_count_and_one_alone_is_no_set()
    {
        Pictures(1);
        var alone = Run().Single(figure => figure is { Enhancer: Figure.Compressed, Metric: "fid" });
        Assert.Null(alone.Value);
        Assert.Contains("two pictures or more", alone.Error, StringComparison.Ordinal);
        Pictures(3);
        var more = Run().Single(figure => figure is { Enhancer: Figure.Compressed, Metric: "fid" });
        Assert.Equal((3, null), (more.Pictures!.Value, more.Error));
        Assert.True(more.Value > 0);
    }

    [Fact]
    public void Recipes_may_name_metrics_of_sets_beside_those_of_pictures_only()
    {
        Pictures(1);
        Assert.Equal(["psnr", "fid", "kid"], Recipe().Metrics);
        var error = Assert.Throws<Unpress.Recipes.RecipeException>(() => LabRecipe.Parse("name: x\nmetrics: [fid]\n", "x.yaml"));
        Assert.Contains("none of single pictures", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Few_vectors_give_the_same_distance_without_their_covariances()
    {
        var random = new Random(4);
        List<float[]> Vectors(int count, float shift)
            => [.. Enumerable.Range(0, count).Select(_ => Enumerable.Range(0, 9).Select(_ => random.NextSingle() + shift).ToArray())];
        var (a, b) = (Vectors(4, 0), Vectors(6, 0.3f));
        Assert.Equal(FrechetDistance.Between(Statistics(a), Statistics(b)), FrechetDistance.OfFew(a, b), 7); // roots of rounding errors
        Assert.Equal(0, FrechetDistance.OfFew(a, a), 9);
    }

    private static FeatureStatistics Statistics(List<float[]> vectors)
    {
        var statistics = new FeatureStatistics(9);
        foreach (float[] vector in vectors)
            statistics.Add(vector.Select(number => (double)number).ToArray());
        return statistics;
    }

    private IReadOnlyList<Figure> Run() => LabRunner.Run(new Measured(), Recipe(), new LabFolder(At("run")), "unpress lab", null, default);

    private LabRecipe Recipe()
    {
        var black = new ImageBuffer(24, 16, ColourModel.Rgb);
        ImageFile.Save(black, At("black.png"));
        return LabRecipe.Parse(
            $$"""
            name: sets
            sets: [{ name: tiny, folder: {{At("set")}} }]
            compression: [{ codec: jpeg, settings: [20] }]
            enhancers:
              - { name: copy, command: "cp {in} {out}" }
              - { name: black, command: "sh -c 'cp {{At("black.png")}} $1' {in} {out}" }
            metrics: [psnr, fid, kid]
            cycle: { cycles: 2 }
            """,
            "sets.yaml");
    }

    private void Pictures(int count)
    {
        Directory.CreateDirectory(At("set"));
        for (int i = 0; i < count; i++)
        {
            var picture = new ImageBuffer(24, 16, ColourModel.Rgb);
            new Random(i).NextBytes(picture.Data);
            ImageFile.Save(picture, At($"set/{i}.png"));
        }
    }

    private string At(string name) => Path.Combine(_folder.FullName, name);

    /// <summary>The experiment "cycle" with features that are the means of eight parts of a picture.</summary>
    private sealed class Measured : IExperiment
    {
        public string Name => "cycle";

        public string Summary => "";

        IReadOnlyList<ISetMeasure> IExperiment.SetMeasures(LabRecipe recipe) =>
            [new FeatureMeasure("parts", [new Fid(), new Kid()], toCompressed: true,
                image => [.. image.Data.Chunk(image.Data.Length / 8).Select(part => (float)part.Average(sample => (double)sample))], null)];
    }
}
