using Unpress.Imaging;
using Unpress.Lab;
using Unpress.Lab.Experiments;
using Unpress.Lab.Recipes;
using Unpress.Lab.Results;
using Unpress.Recipes;

namespace Unpress.Tests.Lab;

public sealed class LabRunnerTests : IDisposable
{
    private static readonly IExperiment Restore = new RestoreExperiment(), Cycle = new CycleExperiment();

    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("unpress-lab-");

    public LabRunnerTests()
    {
        Directory.CreateDirectory(At("set/sub"));
        ImageFile.Save(Picture(1), At("set/b.png"));
        ImageFile.Save(Picture(2), At("set/sub/a.png"));
    }

    public void Dispose() => _folder.Delete(recursive: true);

    [Fact]
    public void Figures_are_those_of_the_metrics_and_pictures_are_kept()
    {
        var figures = Run(Restore, Recipe(), out var folder);
        Assert.Equal(2 * 2 * (1 + 2), figures.Count(figure => figure.Metric == "psnr")); // pictures × settings × (compressed and two enhancers)
        var copied = figures.Single(figure => figure is { Enhancer: "copy", Picture: "sub/a", Setting: 20, Metric: "psnr" });
        var compressed = figures.Single(figure => figure is { Enhancer: Figure.Compressed, Picture: "sub/a", Setting: 20, Metric: "psnr" });
        Assert.Equal(compressed.Value, copied.Value); // a copy changes nothing
        Assert.Equal(8.0 * compressed.Bytes / (32 * 24), compressed.BitsPerPixel);
        Assert.True(copied.Seconds > 0);
        Assert.Equal(Picture(1).Data, ImageFile.Load(folder.Raw("tiny", "b")).Data);
        Assert.Equal(
            ImageFile.Load(folder.Picture("tiny", "b", "jpeg", 20, Figure.Compressed, 0)).Data,
            ImageFile.Load(folder.Picture("tiny", "b", "jpeg", 20, "copy", 1)).Data);
        Assert.False(File.Exists(folder.Raw("tiny", "sub/a"))); // the recipe keeps one
        var facts = folder.ReadFacts();
        Assert.NotNull(facts.Finished);
        Assert.Equal(["b", "sub/a"], Assert.Single(facts.Sets).Pictures);
    }

    [Fact]
    public void A_program_that_fails_is_a_figure_without_value_and_the_rest_goes_on()
    {
        var figures = Run(Restore, Recipe(), out _);
        var failed = figures.Where(figure => figure.Enhancer == "broken").ToList();
        Assert.NotEmpty(failed);
        Assert.All(failed, figure => Assert.Contains("ended with code 3: no luck", figure.Error, StringComparison.Ordinal));
        Assert.All(figures.Except(failed), figure => Assert.NotNull(figure.Value));
    }

    [Fact]
    public void Each_setting_may_have_an_enhancer_of_its_own()
    {
        foreach (int setting in (int[])[10, 20])
            ImageFile.Save(Picture(setting), At($"by-{setting}.png"));
        string command = $"sh -c 'cp {At("by")}-{{setting}}.png $1; : {{codec}}' {{in}} {{out}}";
        var recipe = Recipe() with { Enhancers = [new EnhancerSection { Name = "own", Command = command }] };

        Run(Restore, recipe, out var folder);

        foreach (int setting in (int[])[10, 20])
            Assert.Equal(Picture(setting).Data, ImageFile.Load(folder.Picture("tiny", "b", "jpeg", setting, "own", 1)).Data);
        var missing = recipe with { Enhancers = [new EnhancerSection { Name = "net", Model = At("net-{setting}.onnx") }] };
        Assert.Contains("net-10.onnx", Assert.ThrowsAny<Exception>(() => Run(Restore, missing, out _)).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void In_case_3_an_enhancer_with_a_model_for_each_setting_takes_one_that_is_drawn()
    {
        string command = $"sh -c 'echo {{setting}} >> {At("used")}; cp $0 $1; : {{codec}}' {{in}} {{out}}";
        var recipe = Recipe("cycle: { cycles: 8, case: everything, draws: 1, seed: 5 }");
        var figures = Run(Cycle, recipe with { Enhancers = [new EnhancerSection { Name = "own", Command = command }] }, out _);
        string[] used = File.ReadAllLines(At("used"));
        Assert.Equal(["10", "20"], used.Distinct().Order()); // pictures of one setting each, but models of both
        Assert.Equal(used.Order(), figures.Where(figure => figure.Cycle > 0).Select(figure => figure.By![^2..]).Order());
    }

    [Fact]
    public void Enhancers_that_were_added_need_names_of_their_own()
    {
        var recipe = Recipe();
        LabRecipe With(string name) => recipe with { Enhancers = [.. recipe.Enhancers, recipe.Enhancers[0] with { Name = name }] };
        Assert.Contains("'copy' is there twice", Assert.Throws<RecipeException>(() => Run(Restore, With("copy"), out _)).Message, StringComparison.Ordinal);
        Assert.Contains("called 'compressed'", Assert.Throws<RecipeException>(() => Run(Restore, With("compressed"), out _)).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void An_undecodable_picture_is_a_figure_without_value_and_the_rest_goes_on()
    {
        File.WriteAllText(At("set/c.png"), "no picture");
        var figures = Run(Restore, Recipe(), out _);
        Assert.Contains("c.png", Assert.Single(figures, figure => figure is { Picture: "c", Setting: 10, Metric: "psnr" }).Error, StringComparison.Ordinal);
        Assert.Equal(2, figures.Count(figure => figure is { Enhancer: "copy", Setting: 10, Metric: "psnr", Error: null }));
    }

    [Fact]
    public void A_run_that_was_stopped_goes_on_where_it_was()
    {
        var recipe = Recipe("cycle: { cycles: 3 }", "log");
        var whole = Run(Cycle, recipe, out var folder);
        string[] lines = File.ReadAllLines(folder.Results);
        File.WriteAllText(folder.Results, string.Join('\n', lines[..^3]) + "\n" + lines[^3][..20]);
        int calls = File.ReadAllLines(At("log")).Length;
        var again = Run(Cycle, recipe, out _);
        Assert.Equal(Values(whole), Values(again));
        Assert.InRange(File.ReadAllLines(At("log")).Length - calls, 1, 6); // one or two chains of twelve calls in four
        int settled = File.ReadAllLines(At("log")).Length;
        Run(Cycle, recipe, out _);
        Assert.Equal(settled, File.ReadAllLines(At("log")).Length); // nothing left to do
    }

    [Fact]
    public void A_grown_recipe_adds_figures_and_a_changed_one_is_refused()
    {
        Run(Restore, Recipe(), out _);
        var more = Run(Restore, Recipe() with { Metrics = ["psnr", "ssim"] }, out _);
        Assert.Contains(more, figure => figure.Metric == "ssim");
        var error = Assert.Throws<InvalidFileException>(() => Run(Restore, Recipe() with { Gray = true }, out _));
        Assert.Contains("another gray", error.Message, StringComparison.Ordinal);
        Assert.Contains("restore", Assert.Throws<InvalidFileException>(() => Run(Cycle, Recipe(), out _)).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Draws_are_those_of_the_seed()
    {
        const string Everything = "cycle: { cycles: 4, case: everything, draws: 2, seed: 5, recompress: [{ codec: jpeg, settings: [70, 90] }] }";
        var first = Run(Cycle, Recipe(Everything), out _);
        Assert.All(first, figure => Assert.Equal((Figure.Drawn, null), (figure.Codec, figure.Setting)));
        Assert.Equal([Figure.Compressed, "draw 1", "draw 2"], first.Select(figure => figure.Enhancer).Distinct().Order());
        Directory.Delete(At("run"), recursive: true);
        Assert.Equal(Values(first), Values(Run(Cycle, Recipe(Everything), out _)));
        Directory.Delete(At("run"), recursive: true);
        var other = Run(Cycle, Recipe(Everything.Replace("seed: 5", "seed: 6", StringComparison.Ordinal)), out _);
        Assert.NotEqual(first.Select(figure => figure.By).Order(), other.Select(figure => figure.By).Order());
    }

    [Fact]
    public void Draws_that_could_not_differ_are_refused()
    {
        var one =
            Recipe("cycle: { cycles: 2, case: networks, draws: 2 }") with { Enhancers = [new EnhancerSection { Name = "copy", Command = "cp {in} {out}" }] };
        Assert.Contains("all draws", Assert.Throws<RecipeException>(() => Run(Cycle, one, out _)).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Every_fault_of_a_recipe_is_named()
    {
        var error = Assert.Throws<RecipeException>(() => LabRecipe.Parse(
            """
            name: x
            sets: [{ name: a, folder: b, crop: 0 }]
            compression: [{ codec: jpeg, settings: [0] }, { codec: gif, settings: [1] }]
            enhancers: [{ name: both, model: m, command: c }]
            metrics: [beauty]
            """,
            "x.yaml"));
        foreach (string fault in (string[])["crop is 0", "no setting 0", "codec is 'gif'", "either a model or a command", "'c' must be a program", "'beauty'"])
            Assert.Contains(fault, error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void The_recipes_of_the_project_can_be_read_with_every_overlay()
    {
        string[] files = Directory.GetFiles(RepoPaths.Combine("lab"), "*.yaml");
        Assert.NotEmpty(files);
        foreach (string file in files)
        {
            LabRecipe.Load(file);
            foreach (string overlay in RecipeDocument.Load(file).OverlayNames)
                LabRecipe.Load(file, [overlay]);
        }
    }

    private static IEnumerable<string> Values(IEnumerable<Figure> figures) =>
        figures.Select(figure => $"{figure.Key()} {figure.By} {figure.Value}").Order(StringComparer.Ordinal);

    private IReadOnlyList<Figure> Run(IExperiment experiment, LabRecipe recipe, out LabFolder folder) =>
        LabRunner.Run(experiment, recipe, folder = new LabFolder(At("run")), "unpress lab", null, default);

    /// <summary>Two enhancers: one that copies, one that fails; or, where calls are to be counted, the first only.</summary>
    private LabRecipe Recipe(string more = "", string? log = null)
    {
        string copy = log is null ? "cp {in} {out}" : $"sh -c 'echo x >> {At(log)}; cp $0 $1' {{in}} {{out}}";
        string broken = log is null && more.Length == 0 ? "  - { name: broken, command: \"sh -c 'echo no luck >&2; exit 3' {in} {out}\" }" : "";
        string second = more.Contains("case", StringComparison.Ordinal) ? "  - { name: again, command: \"cp {in} {out}\" }" : "";
        return LabRecipe.Parse(
            $$"""
            name: test
            sets: [{ name: tiny, folder: {{At("set")}} }]
            compression: [{ codec: jpeg, settings: [10, 20] }]
            enhancers:
              - { name: copy, command: "{{copy}}" }
            {{broken}}
            {{second}}
            metrics: [psnr]
            keep: { pictures: 1 }
            {{more}}
            """,
            "test.yaml");
    }

    private string At(string name) => Path.Combine(_folder.FullName, name);

    private static ImageBuffer Picture(int seed)
    {
        var picture = new ImageBuffer(32, 24, ColourModel.Rgb);
        new Random(seed).NextBytes(picture.Data);
        return picture;
    }
}
