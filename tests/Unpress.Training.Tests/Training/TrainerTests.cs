using Unpress.Imaging;
using Unpress.Networks;
using Unpress.Recipes;
using Unpress.Tests.Data;
using Unpress.Torch.Weights;
using Unpress.Training;

namespace Unpress.Tests.Training;

/// <summary>Short trainings on made pictures.</summary>
public sealed class TrainerTests
{
    [Fact]
    public void The_loss_falls_and_the_run_folder_is_complete()
    {
        using var pictures = new TrainingPictures((96, 80, 3), (80, 96, 3));
        var (folder, reports) = Run(pictures, "a", Recipe(pictures, 60), resume: false);
        Assert.True(reports[^1].Loss < 0.9 * reports[0].Loss, $"loss went from {reports[0].Loss} to {reports[^1].Loss}");
        Assert.Equal(60, reports[^1].Step);
        Assert.True(File.Exists(folder.Model));
        Assert.True(File.Exists(folder.Recipe));
        Assert.Equal(reports.Count, File.ReadAllLines(folder.Log).Length);
        Assert.NotEmpty(Directory.GetFiles(folder.Events));
        Assert.Equal(2, folder.Checkpoints().Count);
        // A checkpoint is no model, and says so to whoever takes it for one.
        var error = Assert.Throws<WeightsFormatException>(() => ModelFile.Load(folder.Checkpoint(folder.Checkpoints()[0].Step)));
        Assert.Contains("is a checkpoint of a training", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_killed_training_resumes_to_the_very_same_bits()
    {
        using var pictures = new TrainingPictures((96, 80, 3), (80, 96, 3));
        var recipe = Recipe(pictures, 20);
        var (straight, _) = Run(pictures, "straight", recipe, resume: false);

        // Stands for a kill at step 15: an exception leaves the trainer after the checkpoint of step 10, and nothing more is saved.
        var killed = new RunFolder(Path.Combine(pictures.Cache, "killed"));
        Assert.Throws<TimeoutException>(() => new Trainer(recipe, killed, Options(pictures, false), new KillAt(15)).Run(default));
        Assert.Equal(10, Assert.Single(killed.Checkpoints()).Step);
        string leftover = killed.Model + ".0123.tmp"; // of a kill in the middle of writing
        File.WriteAllText(leftover, "half");
        var (resumed, reports) = Run(pictures, "killed", recipe, resume: true);

        Assert.False(File.Exists(leftover));
        Assert.Equal(20, reports[^1].Step);
        Assert.Equal(File.ReadAllBytes(straight.Checkpoint(20)), File.ReadAllBytes(resumed.Checkpoint(20)));
        Assert.Equal(File.ReadAllBytes(straight.Model), File.ReadAllBytes(resumed.Model));
    }

    [Fact]
    public void Killed_between_the_last_checkpoint_and_its_model_it_makes_the_model()
    {
        using var pictures = new TrainingPictures((96, 80, 3));
        var (folder, _) = Run(pictures, "ended", Recipe(pictures, 6), resume: false);
        byte[] expected = File.ReadAllBytes(folder.Model);
        File.WriteAllText(folder.Model, "that of an earlier checkpoint");
        Run(pictures, "ended", Recipe(pictures, 6), resume: true);
        Assert.Equal(expected, File.ReadAllBytes(folder.Model));
    }

    [Fact]
    public void A_training_may_be_made_longer()
    {
        using var pictures = new TrainingPictures((96, 80, 3));
        const string Constant = "schedule.type=constant"; // one that falls towards the last step would have been another
        var (straight, _) = Run(pictures, "straight", Recipe(pictures, 12, Constant), resume: false);
        Run(pictures, "longer", Recipe(pictures, 8, Constant), resume: false);
        var (longer, _) = Run(pictures, "longer", Recipe(pictures, 12, Constant), resume: true);

        Assert.Equal(File.ReadAllBytes(straight.Checkpoint(12)), File.ReadAllBytes(longer.Checkpoint(12)));
        Assert.Equal(File.ReadAllText(straight.Recipe), File.ReadAllText(longer.Recipe));
    }

    [Fact]
    public void Two_trainings_side_by_side_give_the_bits_of_each_alone()
    {
        using var pictures = new TrainingPictures((48, 48, 3));
        // First weights, and layers that are skipped at random in every step.
        const string Network = "network={ type: swinir, width: 8, depths: [2, 2], heads: [2, 2], window: 4, trainingSize: 16, dropPath: 0.4 }";
        string[] names = ["a", "b"];
        var recipes = names.Select((_, k) => Recipe(pictures, 12, Network, "data.patch.size=16", "data.minSize=32", $"seed={k + 1}")).ToArray();
        byte[][] alone = [.. recipes.Select((recipe, k) => Weights(names[k] + " alone", recipe))];
        byte[][] together = new byte[2][];
        Thread[] threads = [.. recipes.Select((recipe, k) => new Thread(() => together[k] = Weights(names[k], recipe)))];
        Array.ForEach(threads, thread => thread.Start());
        Array.ForEach(threads, thread => thread.Join());

        Assert.Equal(alone, together);
        Assert.NotEqual(alone[0], alone[1]);

        byte[] Weights(string name, Recipe recipe) => File.ReadAllBytes(Run(pictures, name, recipe, resume: false).Folder.Model);
    }

    [Fact]
    public void A_cancelled_training_leaves_a_checkpoint_of_its_step()
    {
        using var pictures = new TrainingPictures((96, 80, 3));
        var folder = new RunFolder(Path.Combine(pictures.Cache, "cancelled"));
        using var source = new CancellationTokenSource();
        var progress = new Collect(report => { if (report.Step == 5) source.Cancel(); });
        new Trainer(Recipe(pictures, 1000), folder, Options(pictures, false), progress).Run(source.Token);
        Assert.Equal(5, Assert.Single(folder.Checkpoints()).Step);
    }

    [Fact]
    public void A_folder_in_use_a_missing_checkpoint_and_another_recipe_are_refused()
    {
        using var pictures = new TrainingPictures((96, 80, 3));
        Assert.Contains("no checkpoint", Assert.Throws<TrainingException>(() => Run(pictures, "r", Recipe(pictures, 5), resume: true)).Message);
        Run(pictures, "r", Recipe(pictures, 5), resume: false);
        using (new RunFolder(Path.Combine(pictures.Cache, "r")).Claim())
            Assert.Contains("in use", Assert.Throws<TrainingException>(() => Run(pictures, "r", Recipe(pictures, 9), resume: true)).Message);
        Assert.Contains("--resume", Assert.Throws<TrainingException>(() => Run(pictures, "r", Recipe(pictures, 5), resume: false)).Message);
        Assert.Contains("another recipe", Assert.Throws<TrainingException>(
            () => Run(pictures, "r", Recipe(pictures, 5, "optimiser.lr=1e-3"), resume: true)).Message);
        Assert.Contains("5 steps already", Assert.Throws<TrainingException>(() => Run(pictures, "r", Recipe(pictures, 4), resume: true)).Message);
    }

    [Fact]
    public void A_training_without_pictures_leaves_no_folder()
    {
        using var pictures = new TrainingPictures((48, 48, 3));
        var folder = new RunFolder(Path.Combine(pictures.Cache, "none"));
        var recipe = Recipe(pictures, 5, $"data.folders=[{{ path: {Path.Combine(pictures.Cache, "nowhere")} }}]");
        Assert.Throws<InvalidFileException>(() => new Trainer(recipe, folder, Options(pictures, false), new KillAt(5)).Run(default));
        Assert.False(Directory.Exists(folder.Path));
    }

    [Fact]
    public void A_training_that_explodes_stops_with_advice()
    {
        using var pictures = new TrainingPictures((96, 80, 3));
        var recipe = Recipe(pictures, 100, "optimiser.lr=1e30");
        Assert.Contains("optimiser.lr", Assert.Throws<TrainingException>(() => Run(pictures, "boom", recipe, resume: false)).Message);
    }

    private static (RunFolder Folder, List<TrainingProgress> Reports) Run(TrainingPictures pictures, string name, Recipe recipe, bool resume)
    {
        var folder = new RunFolder(Path.Combine(pictures.Cache, name));
        var reports = new List<TrainingProgress>();
        new Trainer(recipe, folder, Options(pictures, resume), new Collect(reports.Add)).Run(default);
        return (folder, reports);
    }

    private static TrainingOptions Options(TrainingPictures pictures, bool resume)
        => new() { Cache = pictures.Cache, Threads = 2, ReportEvery = 5, Resume = resume };

    private static Recipe Recipe(TrainingPictures pictures, long steps, params string[] sets) => Unpress.Recipes.Recipe.Parse($$"""
        name: test
        network: { type: unpress, width: 8, blocks: [1, 1, 1] }
        data:
          folders: [ { path: {{pictures.Folder}} } ]
          minSize: 48
          batch: 2
          patch: { size: 32 }
          degradation: { type: jpeg, double: 0.3 }
        objective: [ { loss: l1 } ]
        optimiser: { lr: 3e-3, clipNorm: 1 }
        schedule: { type: cosine, warmup: 3 }
        ema: { decay: 0.9 }
        steps: {{steps}}
        checkpoint: { every: 10 }
        """, "test.yaml", sets: sets);

    private sealed class Collect(Action<TrainingProgress> action) : IProgress<TrainingProgress>
    {
        public void Report(TrainingProgress value) => action(value);
    }

    private sealed class KillAt(long step) : IProgress<TrainingProgress>
    {
        public void Report(TrainingProgress value)
        {
            if (value.Step >= step)
                throw new TimeoutException("killed");
        }
    }
}
