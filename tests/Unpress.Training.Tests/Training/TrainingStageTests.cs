using Unpress.Imaging;
using Unpress.Recipes;
using Unpress.Tests.Data;
using Unpress.Torch;
using Unpress.Torch.Weights;
using Unpress.Training;

namespace Unpress.Tests.Training;

/// <summary>Faults of any stage are found before the first begins.</summary>
public sealed class TrainingStageTests : IDisposable
{
    private readonly TrainingPictures _pictures = new((48, 48, 3));

    public void Dispose() => _pictures.Dispose();

    [Fact]
    public void Stages_that_can_follow_each_other_pass_and_leave_nothing()
    {
        Check("{}");
        Check("{ initFrom: fresh, network: { type: unpress, width: 4, blocks: [1, 0, 0] } }");
        Assert.False(Directory.Exists(Output));
    }

    [Fact]
    public void Parts_of_a_later_stage_that_do_not_go_together_are_named_with_it()
    {
        var error = Assert.Throws<RecipeException>(() => Check("{ tellQuality: true, data: { degradation: { type: wavelet } } }"));
        Assert.StartsWith("test-second: ", error.Message, StringComparison.Ordinal);
        Assert.Contains("wavelet", error.Message, StringComparison.Ordinal);
        Assert.Contains("test-second: tellQuality", Assert.Throws<RecipeException>(() => Check("{ tellQuality: true }")).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Weights_of_the_stage_before_must_fit()
        => Assert.Contains("does not fit", Assert.Throws<WeightsFormatException>(() => Check("{ network: { width: 8 } }")).Message, StringComparison.Ordinal);

    [Fact]
    public void Parts_may_come_from_a_stage_that_is_yet_to_be_made_but_must_be_in_it()
    {
        string model = Path.Combine(Output, "test-first", "model.safetensors");
        Check($"{{ initFrom: fresh, initParts: [ {{ file: {model}, from: head, to: head }} ] }}");
        Assert.Contains("missing", Assert.Throws<WeightsFormatException>(
            () => Check($"{{ initParts: [ {{ file: {model}, from: nothing., to: head }} ] }}")).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Pictures_of_a_later_stage_must_be_there()
    {
        Assert.Throws<InvalidFileException>(() => Check("{ data: { folders: [ { path: /no/such/folder } ] } }"));
        Assert.Throws<TrainingException>(() => Check("{ validation: { folder: /no/such/folder } }"));
    }

    [Fact]
    public void A_stage_takes_weights_of_another_by_its_name_wherever_the_training_is_laid()
    {
        const string Second = "{ initFrom: fresh, initParts: [ { file: 'stage:first', from: head, to: head } ] }";
        Check(Second);

        var stage = Plan(Second, ["name=other"])[1];

        Assert.Equal("other-second", stage.Recipe.Name);
        Assert.Equal(Path.Combine(Output, "other-first", "model.safetensors"), Assert.Single(stage.Recipe.InitParts).File);
        Assert.Contains("no such stage", Assert.Throws<RecipeException>(() => Check("{ initFrom: 'stage:nobody' }")).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void An_override_is_for_all_stages_or_for_one()
    {
        var stages = Plan("{ steps: 4 }", ["seed=7", "stages.first.steps=5", "stages.second.objective.0.weight=2"]);

        Assert.Equal([5, 4], stages.Select(stage => stage.Recipe.Steps));
        Assert.Equal([7, 7], stages.Select(stage => stage.Recipe.Seed));
        Assert.Equal([1, 2], stages.Select(stage => stage.Recipe.Objective[0].Weight));
        Assert.Contains(
            "the stages are first, second", Assert.Throws<RecipeException>(() => Plan("{}", ["stages.third.steps=5"])).Message, StringComparison.Ordinal);
    }

    private string Output => Path.Combine(_pictures.Cache, "out");

    private void Check(string second) => TrainingStage.Check(Plan(second, []), Device.Cpu);

    private IReadOnlyList<TrainingStage> Plan(string second, string[] sets)
    {
        string file = Path.Combine(_pictures.Folder, "test.yaml");
        File.WriteAllText(file, $$"""
            name: test
            network: { type: unpress, width: 4, blocks: [1, 0, 0] }
            data:
              folders: [ { path: {{_pictures.Folder}} } ]
              minSize: 24
              batch: 2
              patch: { size: 16 }
            objective: [ { loss: l1 } ]
            steps: 3
            stages:
              first: {}
              second: {{second}}
            """);
        return TrainingStage.Plan(Recipe.LoadStages(file, sets: sets), Output);
    }
}
