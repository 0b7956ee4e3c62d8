using System.Text.Json.Nodes;
using Unpress.Networks;
using Unpress.Recipes;
using Unpress.Tests.Data;
using Unpress.Torch.Weights;
using Unpress.Training;

namespace Unpress.Tests.Training;

/// <summary>Trainings with a discriminator, in parts, and those that are refused.</summary>
public sealed class AdversarialTrainingTests : IDisposable
{
    private const string WebP = "data.degradation={ type: webp, quality: { list: [20], uniform: 0 }, subsampling: { c420: 1, c422: 0, c444: 0 } }";

    private readonly TrainingPictures _pictures = new((96, 80, 3));

    [Fact]
    public void Both_sides_resume_to_the_very_same_bits_and_the_discriminator_begins_when_it_should()
    {
        var recipe = Recipe("steps=8");
        var (straight, reports) = Run("straight", recipe, resume: false);
        Assert.All(reports.Take(2), report => Assert.Equal(0, Term(report, "adversarial")));
        Assert.All(reports.Skip(2), report => Assert.True(Term(report, "adversarial") > 0 && Term(report, "discriminator") > 0));

        Run("stopped", Recipe("steps=8"), resume: false, stopAt: 4);
        var (resumed, _) = Run("stopped", recipe, resume: true);
        Assert.Equal(File.ReadAllBytes(straight.Checkpoint(8)), File.ReadAllBytes(resumed.Checkpoint(8)));
    }

    [Fact]
    public void An_adaptation_begins_with_the_trained_discriminator()
    {
        var (trained, _) = Run("trained", Recipe("steps=6"), resume: false);
        var (adapted, _) = Run("adapted", Recipe("steps=1", $"discriminator.initFrom={trained.Path}"), resume: false); // one step, before it begins to learn
        var (fresh, _) = Run("fresh", Recipe("steps=1"), resume: false);
        Assert.Equal(Weights(trained), Weights(adapted));
        Assert.NotEqual(Weights(trained), Weights(fresh));

        var nowhere = Assert.Throws<RecipeException>(() => Run("refused", Recipe("discriminator.initFrom=runs/nowhere"), resume: false));
        Assert.Contains("discriminator.initFrom: runs/nowhere is no checkpoint", nowhere.Message, StringComparison.Ordinal);
        Assert.Throws<WeightsFormatException>(() => Run("wider", Recipe($"discriminator.initFrom={trained.Path}", "discriminator.width=5"), resume: false));

        static float[] Weights(RunFolder folder)
        {
            using var discriminator = TrainedDiscriminator.Load(folder.Path).Discriminator;
            return [.. discriminator.Parameters().SelectMany(parameter => parameter.ToArray<float>())];
        }
    }

    [Fact]
    public void A_batch_in_parts_gives_the_gradients_of_the_whole()
    {
        // No batch statistics in the network, and one step: rounding apart, the same weights.
        string[] plain = ["steps=1", "objective=[{ loss: l2 }, { loss: ssim, weight: 0.1 }]"];
        var (_, whole) = Run("whole", Recipe([.. plain]) with { Discriminator = null }, resume: false);
        var (_, parts) = Run("parts", Recipe([.. plain, "data.accumulate=2"]) with { Discriminator = null }, resume: false);
        Assert.Equal(whole[0].Loss, parts[0].Loss, 1e-6);
        Assert.Equal(whole[0].GradientNorm, parts[0].GradientNorm, 1e-4 * whole[0].GradientNorm);
        Assert.Equal(Term(whole[0], "ssim"), Term(parts[0], "ssim"), 1e-6);
    }

    [Theory]
    [InlineData("objective.1.loss=l2", "discriminator: nothing in the objective listens to it")]
    [InlineData("discriminator={ type: dcgan2, gan: wgangp, width: 4 }", "batch normalisation mixes the pictures")]
    [InlineData("discriminator={ type: vgg128, width: 2 }", "128")]
    [InlineData("discriminator={ type: features, conditional: true }", "unknown key 'conditional' in discriminator; legal are gan, initFrom, optimiser")]
    [InlineData("discriminator={ type: dcgan2, channels: 1 }", "takes [N, 1, H, W]")]
    [InlineData("data.patch.channels=1", "network: dncnn takes 3 channels, data.patch.channels is 1")]
    [InlineData("tellQuality=true", "dncnn has no use for a quality factor")]
    [InlineData("freeze=[head.]", "dncnn has no parameter that begins with 'head.'")]
    [InlineData("precision=fp16", "fp16 needs a CUDA device")]
    [InlineData("objective=[{ loss: adversarial }, { loss: quality }]", "objective: quality: needs a network that predicts the quality factor")]
    [InlineData("objective=[{ loss: adversarial }, { loss: perceptual, weights: nowhere.pth }]", "nowhere.pth does not exist")]
    [InlineData("objective=[{ loss: adversarial }, { loss: perceptual }]", "weights is missing")]
    [InlineData("objective=[{ loss: adversarial }, { loss: identity, distance: perceptual }]", "needs them")]
    [InlineData("objective=[{ loss: adversarial }, { loss: jpeg }]", "needs quantisation tables, which data.degradation webp does not have", WebP)]
    [InlineData("tellQuality=true", "quality factors are JPEG's, data.degradation is webp", WebP)]
    [InlineData("consistent=true", "consistent: cells are known of whole coding units alone", WebP)]
    [InlineData("consistent=true", "consistent: cells are known of whole coding units alone")] // patches off the grid
    [InlineData("objective=[{ loss: adversarial }, { loss: jpeg }]", "data.degradation.aligned above 0", "data.degradation.aligned=0")]
    [InlineData("data.degradation.quality.list=[52]", "list has 52, and hevc takes QP (0-51", "data.degradation.type=hevc")]
    [InlineData("freeze=['']", "nothing of the network is left to be trained")]
    [InlineData("initFrom=nowhere.safetensors", "nowhere.safetensors does not exist")]
    public void What_does_not_go_together_is_refused_before_any_data_is_read(string set, string reason, string? and = null)
    {
        var recipe = Recipe([set, .. and is null ? [] : (string[])[and], "data.folders=[{ path: /no/such/folder }]"]);
        var error = Assert.Throws<RecipeException>(() => Run("refused", recipe, resume: false));
        Assert.Contains(reason, error.Message);
    }

    [Theory]
    [InlineData("{ loss: perceptual, weights: FILE }")]
    [InlineData("{ loss: divergence, weights: FILE }")]
    [InlineData("{ loss: identity, distance: perceptual, features: { weights: FILE } }")]
    public void Patches_that_are_pooled_away_before_the_layer_are_refused(string loss)
    {
        Directory.CreateDirectory(_pictures.Cache);
        string file = Path.Combine(_pictures.Cache, "encoder.safetensors");
        var options = new JsonObject { ["width"] = 2, ["blocks"] = new JsonArray(1, 1, 1, 1, 4) };
        using (var encoder = NetworkCatalog.Find("encoder").Create(options))
            ModelFile.Save(file, NetworkCatalog.Find("encoder"), options, encoder.StateDict().Select(entry => entry.Tensor.ToStored(entry.Name)));
        string objective = $"objective=[{{ loss: l1 }}, {loss.Replace("FILE", file, StringComparison.Ordinal)}]";
        var recipe = Recipe(objective, "data.patch.size=8", "data.folders=[{ path: /no/such/folder }]") with { Discriminator = null };
        var error = Assert.Throws<RecipeException>(() => Run("small", recipe, resume: false));
        Assert.Contains("patches of 8 pixels are too small for conv5_4", error.Message);
    }

    [Theory]
    [InlineData("objective=[{ loss: adversarial }]", "nothing in it depends on the weights of the network at this step")]
    [InlineData("network={ type: gated, network: dncnn, options: { channels: 3, depth: 3, width: 4 }, width: 2 }",
        "no loss depends on the network's network.", "objective.0.loss=gate")]
    public void A_step_that_cannot_move_all_weights_says_which(string set, string reason, string? and = null)
    {
        var recipe = Recipe([set, .. and is null ? [] : (string[])[and]]);
        Assert.Contains(reason, Assert.Throws<TrainingException>(() => Run("idle", recipe, resume: false)).Message);
    }

    [Fact]
    public void Moved_into_its_cells_a_result_has_no_jpeg_loss_left()
    {
        string[] plain = ["objective=[{ loss: l1 }, { loss: jpeg }]",
            "data.degradation={ aligned: 1, raw: 0, quality: { max: 50 }, subsampling: { c420: 0, c422: 0, c444: 1 } }"];
        var (_, without) = Run("without", Recipe([.. plain]) with { Discriminator = null }, resume: false);
        var (_, with) = Run("with", Recipe([.. plain, "consistent=true"]) with { Discriminator = null }, resume: false);
        Assert.True(Term(without[0], "jpeg") > 1e-4, "nothing to be moved");
        Assert.True(Term(with[0], "jpeg") < Term(without[0], "jpeg") / 100, $"{Term(with[0], "jpeg")} of {Term(without[0], "jpeg")}");
        Assert.True(with[^1].GradientNorm >= 0 && double.IsFinite(with[^1].Loss));
    }

    [Fact]
    public void An_adversarial_loss_without_a_discriminator_is_refused()
    {
        var error = Assert.Throws<RecipeException>(() => Run("alone", Recipe() with { Discriminator = null }, resume: false));
        Assert.Contains("objective: adversarial: needs a discriminator", error.Message);
    }

    public void Dispose() => _pictures.Dispose();

    private static double Term(TrainingProgress report, string name) => report.Terms.Single(term => term.Name == name).Value;

    private (RunFolder Folder, List<TrainingProgress> Reports) Run(string name, Recipe recipe, bool resume, long stopAt = long.MaxValue)
    {
        var folder = new RunFolder(Path.Combine(_pictures.Cache, name));
        var reports = new List<TrainingProgress>();
        using var stop = new CancellationTokenSource();
        var options = new TrainingOptions { Cache = _pictures.Cache, Threads = 1, ReportEvery = 1, Resume = resume };
        new Trainer(recipe, folder, options, new Collect(report =>
        {
            reports.Add(report);
            if (report.Step == stopAt)
                stop.Cancel();
        })).Run(stop.Token);
        return (folder, reports);
    }

    private Recipe Recipe(params string[] sets) => Unpress.Recipes.Recipe.Parse($$"""
        name: test
        network: { type: dncnn, channels: 3, depth: 3, width: 4 }
        data:
          folders: [ { path: {{_pictures.Folder}} } ]
          minSize: 48
          batch: 2
          patch: { size: 32 }
        objective: [ { loss: l1 }, { loss: adversarial, weight: 0.1 } ]
        discriminator:
          type: dcgan2
          width: 4
          gan: ragan
          smoothing: 0.1
          r1: 0.5
          start: 2
          conditional: true
          optimiser: { lr: 1e-3 }
        optimiser: { lr: 1e-3 }
        ema: { decay: 0.9 }
        steps: 2
        checkpoint: { every: 100 }
        """, "test.yaml", sets: sets);

    private sealed class Collect(Action<TrainingProgress> action) : IProgress<TrainingProgress>
    {
        public void Report(TrainingProgress value) => action(value);
    }
}
