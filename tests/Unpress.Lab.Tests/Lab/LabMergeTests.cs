using Unpress.Files;
using Unpress.Imaging;
using Unpress.Lab;
using Unpress.Lab.Experiments;
using Unpress.Lab.Recipes;
using Unpress.Lab.Results;

namespace Unpress.Tests.Lab;

/// <summary>An experiment in parts, each in a folder of its own, and what joins them.</summary>
public sealed class LabMergeTests : IDisposable
{
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("unpress-lab-parts-");

    public LabMergeTests()
    {
        Directory.CreateDirectory(At("set"));
        for (int seed = 0; seed < 5; seed++)
        {
            var picture = new ImageBuffer(32, 24, ColourModel.Rgb);
            new Random(seed).NextBytes(picture.Data);
            ImageFile.Save(picture, At($"set/{seed}.png"));
        }
    }

    public void Dispose() => _folder.Delete(recursive: true);

    [Fact]
    public void Parts_together_are_the_run_of_one_process_and_nothing_is_measured_twice()
    {
        var whole = Run("whole", null);
        var first = Run("shared", new Shard(1, 2));
        var second = Run("shared", new Shard(2, 2));
        Assert.Equal(whole.Count, first.Count + second.Count);
        Assert.InRange(first.Count, 1, whole.Count - 1);
        Assert.True(new LabFolder(At("shared.1-of-2")).ReadFacts().Sets[0].Part); // no published row stands beside it

        var count = LabMerge.Merge(At("shared"), default);
        Assert.Equal((2, whole.Count, 0), (count.Parts, count.Figures, count.Unfinished.Count));
        var joined = new LabFolder(At("shared"));
        Assert.Equal(Values(whole), Values(ResultsFile.Read(joined.Results)));
        Assert.Equal(
            Directory.GetFiles(At("whole/pictures"), "*", SearchOption.AllDirectories).Select(Path.GetFileName).Order(),
            Directory.GetFiles(At("shared/pictures"), "*", SearchOption.AllDirectories).Select(Path.GetFileName).Order());
        var facts = joined.ReadFacts();
        Assert.Equal(["0", "1", "2", "3", "4"], Assert.Single(facts.Sets).Pictures);
        Assert.False(facts.Sets[0].Part);
        Assert.NotNull(facts.Finished);

        byte[] before = File.ReadAllBytes(joined.Results);
        LabMerge.Merge(At("shared"), default); // as after a kill
        Assert.Equal(before, File.ReadAllBytes(joined.Results));
        int calls = File.ReadAllLines(At("log")).Length;
        Assert.Equal(Values(whole), Values(Run("shared", null)));
        Assert.Equal(calls, File.ReadAllLines(At("log")).Length);
    }

    [Fact]
    public void A_part_that_is_missing_or_of_another_recipe_is_named()
    {
        Run("shared", new Shard(1, 2));
        Assert.Contains("1 of 2 parts are missing, shared.2-of-2 first", Fault(), StringComparison.Ordinal);
        Run("shared", new Shard(2, 2), gray: true);
        Assert.Contains("shared.2-of-2", Fault(), StringComparison.Ordinal);
        Assert.Contains("made with another gray", Fault(), StringComparison.Ordinal);
        Assert.False(Directory.Exists(At("shared")));
        Run("shared", new Shard(1, 3));
        Assert.Contains("several ways to share: of 2 and of 3", Fault(), StringComparison.Ordinal);

        string Fault() => Assert.Throws<InvalidFileException>(() => LabMerge.Merge(At("shared"), default)).Message;
    }

    [Fact]
    public void Of_a_part_that_was_stopped_the_rest_is_measured_in_the_whole()
    {
        var whole = Run("whole", null);
        Run("shared", new Shard(1, 2));
        Run("shared", new Shard(2, 2));
        var part = new LabFolder(At("shared.2-of-2"));
        part.Write(part.ReadFacts() with { Finished = null });
        string[] lines = File.ReadAllLines(part.Results);
        File.WriteAllText(part.Results, string.Join('\n', lines[..^3]) + "\n" + lines[^3][..20]); // killed in the middle of a line
        var count = LabMerge.Merge(At("shared"), default);
        Assert.Equal(["shared.2-of-2"], count.Unfinished);
        Assert.Equal(whole.Count - 3, count.Figures);
        Assert.Equal(Values(whole), Values(Run("shared", null)));
    }

    private static IEnumerable<string> Values(IEnumerable<Figure> figures) =>
        figures.Select(figure => $"{figure.Key()} {figure.Value}").Order(StringComparer.Ordinal);

    private IReadOnlyList<Figure> Run(string name, Shard? shard, bool gray = false)
    {
        string folder = shard is null ? At(name) : LabMerge.NameOf(At(name), shard);
        var recipe = LabRecipe.Parse(
            $$"""
            name: test
            gray: {{(gray ? "true" : "false")}}
            sets: [{ name: tiny, folder: {{At("set")}} }]
            compression: [{ codec: jpeg, settings: [10, 20] }]
            enhancers: [{ name: copy, command: "sh -c 'echo x >> {{At("log")}}; cp $0 $1' {in} {out}" }]
            metrics: [psnr]
            keep: { pictures: 2 }
            """,
            "test.yaml");
        return LabRunner.Run(new RestoreExperiment(), recipe, new LabFolder(folder), "unpress lab", null, default, shard: shard);
    }

    private string At(string name) => Path.Combine(_folder.FullName, name);
}
