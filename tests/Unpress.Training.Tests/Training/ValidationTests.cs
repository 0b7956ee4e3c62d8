using Unpress.Imaging;
using Unpress.Recipes;
using Unpress.Tests.Data;
using Unpress.Training;

namespace Unpress.Tests.Training;

/// <summary>Trainings that measure themselves on whole pictures now and then.</summary>
public sealed class ValidationTests : IDisposable
{
    private readonly TrainingPictures _pictures = new((64, 56, 3));
    private readonly string _validation = Directory.CreateTempSubdirectory("unpress-validation-").FullName;

    public ValidationTests()
    {
        Write("colour.png", ColourModel.Rgb, alpha: false, bits: 8);
        Write("gray.png", ColourModel.Gray, alpha: false, bits: 8);
        Write("deep.png", ColourModel.Rgb, alpha: true, bits: 16);
    }

    [Theory]
    [InlineData("{ type: jpeg }", 3, 40, "QF")]
    [InlineData("{ type: jpeg }", 1, 40, "QF")] // a network for luma: chroma stays
    [InlineData("{ type: webp, quality: { list: [20], uniform: 0 }, subsampling: { c420: 1, c422: 0, c444: 0 } }", 3, 0, "quality")]
    public void Pictures_of_every_kind_are_measured_with_the_recipe_s_codec(string degradation, int channels, int quality, string scale)
    {
        var (folder, reports) = Run("measured", Recipe(degradation, channels, quality), null);
        var figure = Assert.Single(reports.Single(report => report.Validation is not null).Validation!.Settings);
        Assert.Equal((scale, quality), (figure.Scale, figure.Quality));
        Assert.InRange(figure.Compressed, 15, 60);
        Assert.InRange(figure.Enhanced, 5, 60);
        Assert.Contains($"\"psnr_rgb_{scale.ToLowerInvariant()}{quality}\"", File.ReadAllText(folder.Log), StringComparison.Ordinal);

        // What became of the first picture, colour.png, can be seen.
        string setting = $"{scale.ToLowerInvariant()}{quality}";
        Assert.Equal(
            [$"000000002-{setting}.png", $"before-{setting}.png", "original.png"],
            Directory.GetFiles(folder.Samples).Select(file => Path.GetFileName(file)!).Order(StringComparer.Ordinal));
        var (original, enhanced) = (Sample("original"), Sample($"000000002-{setting}"));
        Assert.Equal((40, 33), (original.Width, original.Height));
        Assert.Equal(Enumerable.Range(0, 40 * 33 * 3).Select(i => (byte)(i * 7 / 3)), original.Data);
        Assert.NotEqual(original.Data, enhanced.Data);

        ImageBuffer Sample(string name) => ImageFile.Load(Path.Combine(folder.Samples, name + ".png"));
    }

    [Fact]
    public void With_cycles_it_sees_what_further_passes_and_originals_lose()
    {
        var recipe = Recipe("{ type: jpeg }", 3, 40);
        var (folder, reports) = Run("cycles", recipe with { Validation = recipe.Validation! with { Cycles = 3 } }, null);
        var found = reports.Single(report => report.Validation is not null).Validation!;
        double index = Assert.Single(found.Settings).DegradationIndex!.Value;
        Assert.InRange(index, -50, 50);
        Assert.NotEqual(0, index); // two steps from random weights: each pass changes the picture
        Assert.InRange(found.Originals!.Value, 5, 99);
        string log = File.ReadAllText(folder.Log);
        Assert.Contains("\"di_qf40\"", log, StringComparison.Ordinal);
        Assert.Contains("\"psnr_rgb_originals\"", log, StringComparison.Ordinal);
    }

    [Fact]
    public void One_that_is_cancelled_leaves_a_checkpoint_of_its_step()
    {
        using var stop = new CancellationTokenSource();
        var (folder, _) = Run("cancelled", Recipe("{ type: jpeg }", 3, 40) with { Steps = 9 }, report =>
        {
            if (report.Step == 2)
                stop.Cancel(); // the report of the step stands before its validation
        }, stop.Token);
        Assert.Equal(2, Assert.Single(folder.Checkpoints()).Step);
    }

    [Fact]
    public void A_setting_that_the_codec_does_not_have_is_refused()
    {
        var error = Assert.Throws<RecipeException>(() => Run("refused", Recipe("{ type: jpeg }", 3, 0), null));
        Assert.Contains("validation.qualities has 0, and jpeg takes QF (1-100", error.Message, StringComparison.Ordinal);
    }

    public void Dispose()
    {
        _pictures.Dispose();
        Directory.Delete(_validation, recursive: true);
    }

    private void Write(string name, ColourModel model, bool alpha, int bits)
    {
        var picture = new ImageBuffer(40, 33, model, alpha, bits);
        for (int i = 0; i < picture.Data.Length; i++)
            picture.Data[i] = (byte)(i * 7 / 3);
        ImageFile.Save(picture, Path.Combine(_validation, name));
    }

    private (RunFolder Folder, List<TrainingProgress> Reports) Run(
        string name, Recipe recipe, Action<TrainingProgress>? action, CancellationToken cancellation = default)
    {
        var folder = new RunFolder(Path.Combine(_pictures.Cache, name));
        var reports = new List<TrainingProgress>();
        var options = new TrainingOptions { Cache = _pictures.Cache, Threads = 1, ReportEvery = 1 };
        new Trainer(recipe, folder, options, new Collect(report =>
        {
            reports.Add(report);
            action?.Invoke(report);
        })).Run(cancellation);
        return (folder, reports);
    }

    private Recipe Recipe(string degradation, int channels, int quality) => Unpress.Recipes.Recipe.Parse($$"""
        name: test
        network: { type: dncnn, channels: {{channels}}, depth: 3, width: 4 }
        data:
          folders: [ { path: {{_pictures.Folder}} } ]
          minSize: 32
          batch: 2
          patch: { size: 16, channels: {{channels}} }
          degradation: {{degradation}}
        objective: [ { loss: l1 } ]
        steps: 2
        validation: { folder: {{_validation}}, every: 2, qualities: [{{quality}}] }
        checkpoint: { every: 100 }
        """, "test.yaml");

    private sealed class Collect(Action<TrainingProgress> action) : IProgress<TrainingProgress>
    {
        public void Report(TrainingProgress value) => action(value);
    }
}
