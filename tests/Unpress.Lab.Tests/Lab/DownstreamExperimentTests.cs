using System.Text.RegularExpressions;
using Unpress.Imaging;
using Unpress.Lab;
using Unpress.Lab.Experiments;
using Unpress.Lab.Recipes;
using Unpress.Lab.Reports;
using Unpress.Lab.Results;
using Unpress.Recipes;
using Unpress.Tests.Vision;

namespace Unpress.Tests.Lab;

public sealed class DownstreamExperimentTests : IDisposable
{
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("unpress-downstream-");

    public DownstreamExperimentTests()
    {
        Directory.CreateDirectory(At("set"));
        Directory.CreateDirectory(At("masks"));
        ImageFile.Save(SquarePicture.Of([(255, 0), (0, 0), (0, 230), (0, 0)]), At("set/a.png"));
        ImageFile.Save(SquarePicture.Of([(0, 0), (0, 250), (240, 0), (0, 0)]), At("set/b.png"));
        Mask("a", [1, 0, 2, 0]);
        Mask("b", [0, 2, 1, 0]);
        // The boxes as the detector draws them; b has one thing more, which nobody sees.
        File.WriteAllText(At("boxes.json"), """
            {"images":[{"id":1,"file_name":"a.png"},{"id":2,"file_name":"b.png"}],"categories":[{"id":1,"name":"red"},{"id":2,"name":"blue"}],
             "annotations":[{"image_id":1,"category_id":1,"bbox":[1,1,6,6]},{"image_id":1,"category_id":2,"bbox":[1,9,6,6]},
                            {"image_id":2,"category_id":2,"bbox":[9,1,6,6]},{"image_id":2,"category_id":1,"bbox":[1,9,6,6]},
                            {"image_id":2,"category_id":1,"bbox":[9,9,6,6]}]}
            """);
    }

    public void Dispose() => _folder.Delete(recursive: true);

    [Fact]
    public void Average_precision_and_intersection_over_union_of_raw_compressed_and_enhanced_pictures()
    {
        var figures = Run(Recipe(), out var folder);
        Assert.All(figures, figure => Assert.Null(figure.Error));
        // Class blue: all. Class red: two of three, so precision 1 up to a recall of 2/3.
        double expected = 100 * (1 + (67 / 101.0)) / 2;
        foreach (string enhancer in (string[])[Figure.Raw, Figure.Compressed, "copy"])
        {
            Assert.Equal(expected, Value(figures, enhancer, "squares-map50"), 6);
            Assert.Equal(100 * (1 + (2 / 3.0)) / 2, Value(figures, enhancer, "squares-voc"), 6);
        }

        Assert.Equal(100, Value(figures, Figure.Compressed, "squares-agreement"), 6);
        Assert.Equal(100, Value(figures, Figure.Raw, "colours-miou"), 6);
        // All black: nothing is seen, and one of three classes is right.
        Assert.Equal(0, Value(figures, "black", "squares-map"), 6);
        Assert.Equal(100 * (4 / 8.0) / 3, Value(figures, "black", "colours-miou"), 6);
        Assert.Equal(Value(figures, "black", "colours-miou"), Value(figures, "black", "colours-agreement"), 6);
        Assert.DoesNotContain(figures, figure => figure is { Enhancer: Figure.Raw, Metric: "squares-agreement" });
        Assert.All(figures.Where(figure => figure.Picture == Figure.WholeSet), figure => Assert.Equal(2, figure.Pictures));
        // The six by six boxes are all small; of classes that only the masks name, and of large things, there is nothing.
        Assert.Equal(Value(figures, "copy", "squares-map"), Value(figures, "copy", "squares-map-small"), 6);
        Assert.Equal(100, Value(figures, "copy", "squares-map/blue"), 6);
        Assert.Equal(100 * 67 / 101.0, Value(figures, "copy", "squares-map/red"), 6);
        Assert.Equal(100 * (1 + (2 / 3.0)) / 2, Value(figures, "copy", "squares-ar100"), 6);
        Assert.Equal((100, 0), (Value(figures, "copy", "colours-iou/red"), Value(figures, "black", "colours-iou/red")));
        Assert.DoesNotContain(figures, figure => figure.Metric is "squares-map-large" or "squares-voc/red");
        var facts = folder.ReadFacts().Metrics.ToDictionary(metric => metric.Name);
        Assert.Equal((false, true), (facts["squares-map"].Aside, facts["squares-map/red"].Aside));
        string report = LabReport.Text(LabRun.Read(folder.Path), ReportFormat.Md);
        Assert.Contains("## squares by class on squares, jpeg", report, StringComparison.Ordinal);
        Assert.Matches(@"\n\| blue \| 100.0 \| 100.0 \| 100.0 \| 0.0 \|\n", report);
        Assert.DoesNotContain("/red", report, StringComparison.Ordinal);
        Assert.Contains("- `squares-map/…`: COCO's average precision of a class", report, StringComparison.Ordinal);
    }

    [Fact]
    public void A_second_run_looks_at_nothing_again_and_a_third_at_what_is_new()
    {
        Run(Recipe(first: 1), out var folder);
        string[] traces = Directory.GetFiles(Path.Combine(folder.Path, "traces"), "*", SearchOption.AllDirectories);
        Assert.Equal(2 * 4, traces.Length); // two models; raw, compressed, two enhancers
        var before = traces.ToDictionary(file => file, File.GetLastWriteTimeUtc);
        long length = new FileInfo(folder.Results).Length;
        Run(Recipe(first: 1), out _);
        Assert.Equal(length, new FileInfo(folder.Results).Length);
        Assert.All(before, entry => Assert.Equal(entry.Value, File.GetLastWriteTimeUtc(entry.Key)));
        var figures = Run(Recipe(), out _);
        Assert.All(figures.Where(figure => figure.Picture == Figure.WholeSet), figure => Assert.Equal(2, figure.Pictures));
        Assert.All(before, entry => Assert.Equal(entry.Value, File.GetLastWriteTimeUtc(entry.Key)));
    }

    [Fact]
    public void A_picture_without_annotation_and_one_that_cannot_be_read_are_left_out_and_named()
    {
        ImageFile.Save(SquarePicture.Of([(255, 0), (0, 0), (0, 0), (0, 0)]), At("set/c.png"));
        var figures = Run(Recipe(), out var folder);
        string page = LabReport.Text(LabRun.Read(folder.Path), ReportFormat.Html);
        Assert.Contains("figures without some of the pictures: see", page, StringComparison.Ordinal);
        Assert.Single(Regex.Matches(page, "<li>squares/.*boxes.json</li>"));
        var map = figures.Single(figure => figure is { Enhancer: "copy", Metric: "squares-map50" });
        Assert.Equal(2, map.Pictures);
        Assert.NotNull(map.Value);
        Assert.Contains($"without 1 of 3 pictures: c: is not in {At("boxes.json")}", map.Error, StringComparison.Ordinal);
        var agreement = figures.Single(figure => figure is { Enhancer: "copy", Metric: "squares-agreement" });
        Assert.Equal((3, null), (agreement.Pictures!.Value, agreement.Error));

        var miou = figures.Single(figure => figure is { Enhancer: "copy", Metric: "colours-miou" });
        Assert.Contains("c: has no mask", miou.Error, StringComparison.Ordinal);
        File.WriteAllText(At("masks/c.png"), "no mask");
        miou = Run(Recipe(), out _).Single(figure => figure is { Enhancer: "copy", Metric: "colours-miou" });
        Assert.Equal(2, miou.Pictures);
        Assert.Contains("c.png", miou.Error, StringComparison.Ordinal);

        File.WriteAllText(At("set/c.png"), "no picture");
        Directory.Delete(At("run"), recursive: true);
        agreement = Run(Recipe(), out _).Single(figure => figure is { Enhancer: "copy", Metric: "squares-agreement" });
        Assert.Equal(2, agreement.Pictures);
        Assert.Contains("c.png", agreement.Error, StringComparison.Ordinal);
    }

    [Fact]
    public void A_recipe_without_models_and_one_whose_annotations_cannot_fit_are_refused()
    {
        var without = Recipe() with { Downstream = null };
        Assert.Contains("section 'downstream' is missing", Refused(without), StringComparison.Ordinal);
        var cut = Recipe();
        cut = cut with { Sets = [cut.Sets[0] with { Crop = 8 }] };
        Assert.Contains("annotations no longer fit", Refused(cut), StringComparison.Ordinal);
        var other = Assert.Throws<RecipeException>(() => LabRunner.Run(new RestoreExperiment(), Recipe(), new LabFolder(At("run")), "", null, default));
        Assert.Contains("'downstream' is for the experiment downstream", other.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Classes_without_a_name_are_an_error_and_not_a_wrong_figure()
    {
        File.WriteAllText(At("things.txt"), "red\n");
        var figures = Run(Recipe(), out _);
        var map = figures.Single(figure => figure is { Enhancer: "copy", Metric: "squares-map" });
        Assert.Null(map.Value);
        Assert.Contains("things.txt: has too few names (1): squares sees its class number 2", map.Error, StringComparison.Ordinal);
        Assert.NotNull(figures.Single(figure => figure is { Enhancer: "copy", Metric: "squares-agreement" }).Value);
        File.WriteAllText(At("things.txt"), "green\n");
        Assert.Contains("things.txt: has none of the classes of", Assert.Throws<InvalidFileException>(() => Run(Recipe(), out _)).Message,
            StringComparison.Ordinal);
    }

    private string Refused(LabRecipe recipe) => Assert.Throws<RecipeException>(() => Run(recipe, out _)).Message;

    private static double Value(IReadOnlyList<Figure> figures, string enhancer, string metric) =>
        figures.Single(figure => figure.Enhancer == enhancer && figure.Metric == metric).Value!.Value;

    private IReadOnlyList<Figure> Run(LabRecipe recipe, out LabFolder folder) =>
        LabRunner.Run(new DownstreamExperiment(), recipe, folder = new LabFolder(At("run")), "unpress lab", null, default);

    private LabRecipe Recipe(int first = 9)
    {
        var black = SquarePicture.Of([(0, 0), (0, 0), (0, 0), (0, 0)]);
        ImageFile.Save(black, At("black.png"));
        File.WriteAllText(At("colours.txt"), "black\nred\nblue\n");
        if (!File.Exists(At("things.txt")))
            File.WriteAllText(At("things.txt"), "red\nblue\n");
        return LabRecipe.Parse(
            $$"""
            name: see
            sets: [{ name: squares, folder: {{At("set")}}, first: {{first}} }]
            compression: [{ codec: jpeg, settings: [95], subsampling: c444 }]
            enhancers:
              - { name: copy, command: "cp {in} {out}" }
              - { name: black, command: "sh -c 'cp {{At("black.png")}} $1' {in} {out}" }
            metrics: [psnr]
            downstream:
              detectors:
                - { name: squares, model: {{SquarePicture.Model("yolov8")}}, reading: { layout: yolov8, confidence: 0.2 }, classes: {{At("things.txt")}}, perClass: true }
              segmenters:
                - { name: colours, model: {{SquarePicture.Model("segmenter")}}, classes: {{At("colours.txt")}}, perClass: true }
              annotations:
                - { set: squares, boxes: {{At("boxes.json")}}, masks: {{At("masks")}} }
            """,
            "see.yaml");
    }

    private void Mask(string name, byte[] squares)
    {
        var mask = new ImageBuffer(16, 16, ColourModel.Gray);
        for (int i = 0; i < mask.Data.Length; i++)
            mask.Data[i] = squares[((i / 16 >= 8) ? 2 : 0) + ((i % 16 >= 8) ? 1 : 0)];
        ImageFile.Save(mask, At($"masks/{name}.png"));
    }

    private string At(string name) => Path.Combine(_folder.FullName, name);
}
