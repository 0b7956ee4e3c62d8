using Unpress.Data;
using Unpress.Degradations;
using Unpress.Imaging;
using Unpress.Recipes;

namespace Unpress.Tests.Recipes;

public sealed class RecipeTests
{
    private const string Small = """
        name: small
        network:
          type: dncnn
          depth: 17
        data:
          folders:
            - path: pictures/a
              halve: true
          patch: { size: 64, gray: 0.2 }
          degradation:
            type: jpeg
            double: 0.25
            quality: { min: 10, max: 90 }
        objective:
          - loss: l1
          - loss: charbonnier
            weight: 0.5
            epsilon: 1e-3
        steps: 200_000
        overlays:
          smoke:
            steps: 20
            data: { batch: 2 }
          wide:
            network: { depth: 20 }
          other:
            network: { type: arcnn }

        """;

    [Fact]
    public void A_recipe_has_what_the_file_says_and_defaults_for_the_rest()
    {
        var recipe = Recipe.Parse(Small, "small.yaml");
        Assert.Equal("small", recipe.Name);
        Assert.Equal(200_000, recipe.Steps);
        Assert.Equal(new TrainingFolder { Path = "pictures/a", Halve = true }, Assert.Single(recipe.Data.Folders));
        Assert.Equal(new PatchOptions { Size = 64, Gray = 0.2 }, recipe.Data.Patch);
        Assert.Equal(new DataSection { Folders = [] }.Batch, recipe.Data.Batch);
        Assert.Equal(["l1", "charbonnier"], recipe.Objective.Select(term => term.Loss));
        Assert.Equal(0.5, recipe.Objective[1].Weight);
        Assert.Equal(1e-3, recipe.Objective[1].Options.Read<Charbonnier>().Epsilon);
        Assert.Equal(17, recipe.Network.Options.Read<Deep>().Depth);
        Assert.Null(recipe.Ema);
        var jpeg = Assert.IsType<CodecDegradation>(DegradationList.Create(recipe.Data.Degradation)).Options;
        Assert.Equal((0.25, 10, 90), (jpeg.Double, jpeg.Quality.Min, jpeg.Quality.Max));
    }

    [Fact]
    public void Overlays_and_sets_are_laid_over_in_order()
    {
        string[] sets = ["data.batch=4", "objective.1.weight=2", "ema.decay=0.99", "optimiser.betas=[0.5, 0.9]", "precision=bf16"];
        var recipe = Recipe.Parse(Small, "small.yaml", ["smoke", "wide"], sets);
        Assert.Equal(20, recipe.Steps);
        Assert.Equal(4, recipe.Data.Batch);
        Assert.Equal(64, recipe.Data.Patch.Size);
        Assert.Equal(20, recipe.Network.Options.Read<Deep>().Depth);
        Assert.Equal(2, recipe.Objective[1].Weight);
        Assert.Equal(0.99, recipe.Ema!.Decay);
        Assert.Equal([0.5, 0.9], recipe.Optimiser.Betas);
        Assert.Equal(Precision.Bf16, recipe.Precision);
    }

    [Fact]
    public void Another_type_does_not_inherit_the_options_of_the_one_it_replaces()
    {
        var recipe = Recipe.Parse(Small, "small.yaml", ["other"]);
        Assert.Equal("arcnn", recipe.Network.Type);
        Assert.Equal(new Deep().Depth, recipe.Network.Options.Read<Deep>().Depth);
    }

    [Fact]
    public void The_written_recipe_reads_back_the_same_and_has_every_default()
    {
        const string More = "ema: { decay: 0.9 }\nvalidation: { folder: 'a # b' }\nnotes: \"one\\ntwo: 2\"\n";
        var recipe = Recipe.Parse(Small + More, "small.yaml", ["smoke"]);
        string yaml = recipe.ToYaml();
        var again = Recipe.Parse(yaml, "written.yaml");
        Assert.Equal(yaml, again.ToYaml());
        Assert.Equal(20, again.Steps);
        Assert.Equal("a # b", again.Validation!.Folder);
        Assert.Equal("one\ntwo: 2", again.Notes);
        Assert.Equal(17, again.Network.Options.Read<Deep>().Depth);
        Assert.Contains("weightDecay: 0\n", yaml, StringComparison.Ordinal);
        Assert.DoesNotContain("overlays", yaml, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("  type: dncnn", "  type: dncnn\n  type: arcnn", "small.yaml:", "uplicate key")]
    [InlineData("steps: 200_000", "stesp: 5", "small.yaml:19: unknown key 'stesp'; legal are checkpoint, consistent, data, ", "'steps' is missing")]
    [InlineData("halve: true", "halve: yes", "small.yaml:8: data.folders.0.halve: expected true or false, got 'yes'", "")]
    [InlineData("halve: true", "size: 3", "small.yaml:8: unknown key 'size' in data.folders.0; legal are copies, deadLeaves, halve, path, pictures", "")]
    [InlineData("size: 64", "size: 64.5", "small.yaml:9: data.patch.size: expected a whole number, got '64.5'", "")]
    [InlineData("size: 64", "size: 2", "small.yaml:9: data.patch: size is 2, must be 8..4096", "")]
    [InlineData("size: 64", "weighting: pixels", "small.yaml:9: data.patch.weighting: expected one of area, uniform, got 'pixels'", "")]
    [InlineData("name: small", "name:", "small.yaml:1: name: expected a text, got nothing", "")]
    [InlineData("steps: 200_000", "steps: [1]", "small.yaml:19: steps: expected a whole number, got a list", "")]
    [InlineData("weight: 0.5", "weight: .nan", "small.yaml:17: objective.1.weight: expected a number, got '.nan'", "")]
    [InlineData("steps: 200_000", "steps: 5\nvalidation: { folder: pictures/a/some }", "shares pictures with the training folder pictures/a", "")]
    public void What_is_wrong_is_said_with_file_line_and_the_legal_values(string good, string bad, string expected, string alsoExpected)
    {
        var e = Assert.Throws<RecipeException>(() => Recipe.Parse(Small.Replace(good, bad, StringComparison.Ordinal), "small.yaml"));
        Assert.Contains(expected, e.Message, StringComparison.Ordinal);
        Assert.Contains(alsoExpected, e.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_bare_path_is_a_folder()
    {
        var recipe = Recipe.Parse(Small, "small.yaml", sets: ["data.folders=[pictures/c, { path: pictures/d, halve: true }]"]);
        Assert.Equal([("pictures/c", false), ("pictures/d", true)], recipe.Data.Folders.Select(folder => (folder.Path, folder.Halve)));
    }

    [Fact]
    public void All_faults_come_together()
    {
        string[] sets = ["steps=0", "data.batch=0", "optimiser.lr=-1", "optimiser.betas=[1]"];
        var e = Assert.Throws<RecipeException>(() => Recipe.Parse(Small, "small.yaml", sets: sets));
        Assert.Equal(4, e.Faults.Count);
        Assert.Contains("lr is -1", e.Message, StringComparison.Ordinal);
        Assert.Contains("batch is 0", e.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("data.pach.size=64", "--set data.pach.size=64: unknown key 'pach' in data; legal are accumulate, ahead, batch, degradation, folders, ")]
    [InlineData("optimizer.lr=1", "; did you mean optimiser?")]
    [InlineData("data.minsize=1", "; did you mean minSize?")]
    [InlineData("steps=many", "--set steps=many: steps: expected a whole number, got 'many'")]
    [InlineData("objective.2.weight=1", "objective is a list of 2; expected 0..1, got '2'")]
    [InlineData("steps.more=1", "steps is a single value and has no 'more'")]
    [InlineData("steps", "expected key.key=value")]
    [InlineData("data.patch.size=", "expected a whole number, got nothing")]
    public void A_wrong_override_names_itself(string set, string expected)
    {
        var e = Assert.Throws<RecipeException>(() => Recipe.Parse(Small, "small.yaml", sets: [set]));
        Assert.Contains(expected, e.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void An_unknown_overlay_lists_those_there_are() =>
        AssertFault("it has smoke, wide, other", () => Recipe.Parse(Small, "small.yaml", ["smoek"]));

    [Fact]
    public void Options_read_later_are_as_strict_and_still_know_their_line()
    {
        var recipe = Recipe.Parse(Small, "small.yaml", sets: ["data.degradation.quality.min=0"]);
        AssertFault("small.yaml:4: unknown key 'depth' in network; legal are epsilon", () => recipe.Network.Options.Read<Charbonnier>());
        AssertFault("data.degradation.quality: min..max is 0..90", () => DegradationList.Create(recipe.Data.Degradation));
        AssertFault("expected one of jpeg, hevc, webp, avif, jp2, history, got 'wavelet'",
            () => DegradationList.Create(new DegradationSection { Type = "wavelet" }));
    }

    [Fact]
    public void Legal_keys_are_those_of_the_options_and_those_beside_them()
    {
        var recipe = Recipe.Parse(Small, "small.yaml", sets: ["objective=[{ loss: l1, weigth: 2 }]"]);
        AssertFault("unknown key 'weigth' in objective.0; legal are loss, weight", () => Unpress.Losses.LossCatalog.Create(recipe.Objective[0]));
    }

    [Fact]
    public void A_recipe_that_extends_another_lays_itself_over_it_and_lines_are_of_their_own_file()
    {
        string folder = Directory.CreateTempSubdirectory("unpress-recipes-").FullName;
        string small = Path.Combine(folder, "small.yaml"), child = Path.Combine(folder, "child.yaml");
        File.WriteAllText(small, Small);
        File.WriteAllText(child, "extends: small.yaml\nname: child\nobjective: [ { loss: l2 } ]\noverlays: { smoke: { name: short } }\n");
        var recipe = Recipe.Load(child, ["smoke"]);
        Assert.Equal(("short", 20L, 64), (recipe.Name, recipe.Steps, recipe.Data.Patch.Size));
        Assert.Equal("l2", Assert.Single(recipe.Objective).Loss);

        File.WriteAllText(small, Small.Replace("size: 64", "size: 2", StringComparison.Ordinal));
        AssertFault("small.yaml:9: data.patch: size is 2", () => Recipe.Load(child));
        File.WriteAllText(small, "extends: child.yaml");
        AssertFault("small.yaml:1: extends itself", () => Recipe.Load(child));
        Directory.Delete(folder, recursive: true);
    }

    [Fact]
    public void A_null_takes_away_what_the_recipe_below_has()
    {
        string folder = Directory.CreateTempSubdirectory("unpress-recipes-").FullName;
        string small = Path.Combine(folder, "small.yaml"), child = Path.Combine(folder, "child.yaml");
        File.WriteAllText(small, Small.Replace("    steps: 20\n",
            "    steps: 20\n    validation: null\n    stages: { first: { steps: 5 } }\n", StringComparison.Ordinal)
            + "validation: { folder: nowhere }\nstages: { first: { steps: 50 }, second: { steps: 90 } }\n");
        File.WriteAllText(child, "extends: small.yaml\nname: child\nstages: { first: null }\noverlays: { smoke: { stages: { first: null } } }\n");
        Assert.All(Recipe.LoadStages(small), stage => Assert.NotNull(stage.Validation));
        Assert.All(Recipe.LoadStages(small, ["smoke", "smoke"]), stage => Assert.Null(stage.Validation));
        Assert.Equal(["child-second"], Recipe.LoadStages(child).Select(stage => stage.Name));
        Assert.Equal(["child-second"], Recipe.LoadStages(child, ["smoke"]).Select(stage => stage.Name));

        File.WriteAllText(child, "extends: small.yaml\nname: child\nstages: { third: null }\n");
        AssertFault("stage 'third' must be a mapping", () => Recipe.LoadStages(child));
        Directory.Delete(folder, recursive: true);
    }

    [Fact]
    public void Each_stage_is_a_recipe_of_its_own()
    {
        string file = Path.GetTempFileName();
        File.WriteAllText(file, Small.Replace("    steps: 20\n", "    steps: 20\n    stages: { second: { steps: 3 } }\n", StringComparison.Ordinal)
            + "initFrom: start\nstages: { first: { steps: 50 }, second: { steps: 90, ema: { decay: 0.9 } } }\n");
        var stages = Recipe.LoadStages(file, ["smoke"], ["data.batch=7"]);
        AssertFault("stages first, second", () => Recipe.Load(file));
        File.Delete(file);
        Assert.Equal(["small-first", "small-second"], stages.Select(stage => stage.Name));
        Assert.Equal([50, 3], stages.Select(stage => stage.Steps));
        Assert.Equal([7, 7], stages.Select(stage => stage.Data.Batch));
        Assert.Equal([null, 0.9], stages.Select(stage => stage.Ema?.Decay));
        Assert.Equal(["start", null], stages.Select(stage => stage.InitFrom));
    }

    [Fact]
    public void A_file_that_is_not_there_is_named() => AssertFault("/no/such.yaml", () => Recipe.Load("/no/such.yaml"));

    [Fact]
    public void Enums_are_written_as_they_are_read()
    {
        var options = RecipeSection.Parse("subsampling: c422").Read<Chroma>();
        Assert.Equal(ChromaSubsampling.C422, options.Subsampling);
        Assert.Equal("subsampling: c422\n", RecipeWriter.ToYaml(options));
    }

    private static void AssertFault(string expected, Action action) =>
        Assert.Contains(expected, Assert.Throws<RecipeException>(action).Message, StringComparison.Ordinal);

    private sealed record Deep
    {
        public int Depth { get; init; } = 20;
    }

    private sealed record Charbonnier
    {
        public double Epsilon { get; init; } = 1e-6;
    }

    private sealed record Chroma
    {
        public ChromaSubsampling Subsampling { get; init; }
    }
}
