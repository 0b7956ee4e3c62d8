using Unpress.Lab.Planning;
using Unpress.Lab.Recipes;
using Unpress.Recipes;
using Unpress.Training;

namespace Unpress.Tests.Lab;

/// <summary>The plans of the papers' recipes, with their own overlays.</summary>
public sealed class LabPlanTests
{
    private static readonly RecipeIndex Index = new(RepoPaths.Combine("recipes"));

    public static TheoryData<string, string?> Papers
    {
        get
        {
            var all = new TheoryData<string, string?>();
            foreach (string file in Directory.GetFiles(RepoPaths.Combine("lab", "papers"), "*.yaml").Order(StringComparer.Ordinal))
            {
                string text = File.ReadAllText(file);
                var overlays = RecipeDocument.Load(file).OverlayNames.Where(name => text.Contains($"\n  {name}:", StringComparison.Ordinal));
                foreach (string? overlay in overlays.Prepend(null))
                    all.Add(Path.GetFileName(file), overlay);
            }

            return all;
        }
    }

    [Theory]
    [MemberData(nameof(Papers))]
    public void Every_model_of_a_papers_table_has_a_training_that_leaves_it(string file, string? overlay)
    {
        var recipe = LabRecipe.Load(RepoPaths.Combine("lab", "papers", file), overlay is null ? [] : [overlay]);
        recipe = recipe with { Enhancers = [.. recipe.Enhancers.Select(Absolute)] };

        var plan = LabPlan.Of(recipe, Index);

        // Models that people bring, such as torchvision's, are named where they are missing.
        Assert.DoesNotContain(plan.Unknown, line => line.Contains("runs/", StringComparison.Ordinal));
        foreach (var enhancer in recipe.Enhancers.Where(enhancer => enhancer.Training is not null))
            Assert.Contains(plan.Trainings, training => training.Stages.Any(stage => Matches(enhancer.Model!, stage.Folder.Model)));
    }

    // recipes/idempotent/stable.yaml extends photo.yaml, and so has its overlays.
    [Theory]
    [InlineData("photo-finish", "recipes/unpress/photo.yaml")]
    [InlineData("dncnn-smoke", "recipes/baseline/dncnn.yaml")]
    public void Weights_are_made_by_the_recipe_that_names_them(string run, string recipe)
        => Assert.Equal(RepoPaths.Combine(recipe), Index.RecipeOf($"runs/{run}/model.safetensors")!.File);

    [Fact]
    public void A_training_comes_after_those_whose_weights_it_begins_with()
    {
        var recipe = LabRecipe.Parse(
            """
            name: x
            sets: [{ name: tiny, folder: nowhere }]
            compression: [{ codec: jpeg, settings: [30] }]
            enhancers: [{ name: adapted, model: runs/dncnn-idempotent-smoke/model.safetensors }]
            """,
            "x.yaml");

        var plan = LabPlan.Of(recipe, Index);

        Assert.Equal(["dncnn-smoke", "dncnn-idempotent-smoke"], plan.Trainings.Select(training => training.Stages[^1].Recipe.Name));
        Assert.All(plan.Trainings, training => Assert.EndsWith("--overlay smoke", training.Use.Command, StringComparison.Ordinal));
        Assert.All(plan.Trainings, training => Assert.True(training.Operations > 0));
        Assert.Empty(plan.Unknown);

        // Of a step of adaptation: f(x), f(y), and a second pass for each of two terms.
        double[] perStep = [.. plan.Trainings.Select(training => training.Operations!.Value / training.Steps)];
        Assert.Equal(4, perStep[1] / perStep[0], 6);
        Assert.StartsWith("nowhere: no such folder; it is set tiny", Assert.Single(plan.MissingSets), StringComparison.Ordinal);
        Assert.Empty(plan.MissingData); // made pictures
    }

    [Fact]
    public void Pictures_that_are_missing_are_known_before_the_first_training()
    {
        var recipe = LabRecipe.Parse(
            $$"""
            name: x
            compression: [{ codec: hevc, settings: [27, 37] }]
            enhancers:
              - name: DnCNN
                model: runs/dncnn-hevc{setting}/model.safetensors
                training:
                  recipe: {{RepoPaths.Combine("recipes/baseline/dncnn.yaml")}}
                  overlays: [hevc]
                  set: ['name=dncnn-hevc{setting}', 'data.degradation.quality.list=[{setting}]']
            """,
            "x.yaml");
        string[] folders = [.. LabPlan.Of(recipe, Index).MissingData.Select(line => line.Split(": ")[0])];
        Assert.Equal(["../data/div2k/train/raw", "../data/div2k/train/hevc-27", "../data/div2k/train/hevc-37"], folders);
    }

    [Fact]
    public void A_model_from_the_middle_of_its_training_is_named()
    {
        string root = Directory.CreateTempSubdirectory("unpress-plan-").FullName;
        try
        {
            var run = new RunFolder(Path.Combine(root, "runs", "half"));
            Directory.CreateDirectory(run.Path);
            File.WriteAllText(run.Recipe, Recipe.Load(RepoPaths.Combine("recipes/baseline/dncnn.yaml"), ["smoke"]).ToYaml());
            File.WriteAllText(run.Checkpoint(20), "");
            var recipe = LabRecipe.Parse($"name: x\nenhancers: [{{ name: a, model: {run.Model} }}, {{ name: b, model: lite }}]\n", "x.yaml");
            Assert.EndsWith("after 20 of 30 steps", Assert.Single(LabPlan.Unfinished(recipe)), StringComparison.Ordinal);
            File.WriteAllText(run.Checkpoint(30), "");
            Assert.Empty(LabPlan.Unfinished(recipe));
        }
        finally
        {
            Directory.Delete(root, recursive: true);
        }
    }

    [Fact]
    public void A_model_that_no_recipe_makes_is_named()
    {
        var recipe = LabRecipe.Parse(
            """
            name: x
            sets: [{ name: tiny, folder: nowhere }]
            compression: [{ codec: jpeg, settings: [30, 40] }]
            enhancers: [{ name: a, model: "runs/nobody-{setting}/model.safetensors" }, { name: b, model: gone.onnx }]
            """,
            "x.yaml");

        var plan = LabPlan.Of(recipe, Index);

        Assert.Empty(plan.Trainings);
        Assert.Equal(3, plan.Unknown.Count);
        Assert.Contains("runs/nobody-40/model.safetensors: no recipe", plan.Unknown[1], StringComparison.Ordinal);
        Assert.StartsWith("gone.onnx", plan.Unknown[2], StringComparison.Ordinal);
    }

    private static EnhancerSection Absolute(EnhancerSection section) => section.Training is not { } training ? section
        : section with { Training = training with { Recipe = RepoPaths.Combine(training.Recipe) } };

    private static bool Matches(string model, string path)
    {
        string pattern = "^" + System.Text.RegularExpressions.Regex.Escape(Path.GetFullPath(model)).Replace(@"\{setting}", "[0-9]+", StringComparison.Ordinal)
            .Replace(@"\{codec}", "[a-z]+", StringComparison.Ordinal) + "$";
        return System.Text.RegularExpressions.Regex.IsMatch(path, pattern);
    }
}
