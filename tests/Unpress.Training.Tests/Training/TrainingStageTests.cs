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

    private string Output => Path.Combine(_pictures.Cache, "out");

    private void Check(string second)
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
        TrainingStage.Check(TrainingStage.Plan(Recipe.LoadStages(file), Output), Device.Cpu);
    }
}
