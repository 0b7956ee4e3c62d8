using System.Collections.Concurrent;
using Unpress.Recipes;
using Unpress.Testing;
using Unpress.Tests.Data;
using Unpress.Training;

namespace Unpress.Tests.Recipes;

/// <summary>The smoke overlay of every recipe file, run once for all tests, side by side, on made pictures and one thread each.</summary>
public sealed class SmokeRuns : IDisposable
{
    // Little variety, so that the loss of one step can be compared with that of another.
    private readonly TrainingPictures _pictures = new((64, 56, 3));
    private readonly ConcurrentDictionary<string, SmokeStage[]> _done = new();

    public SmokeRuns()
    {
        var waiting = Files.ToList();
        while (waiting.Count > 0)
        {
            var ready = waiting.Where(file => Stages(file).All(stage => Weights(stage) is not { } weights || File.Exists(weights))).ToList();
            if (ready.Count == 0)
                break; // their tests say so
            Parallel.ForEach(ready, file => _done[file] = Run(file));
            waiting.RemoveAll(ready.Contains);
        }
    }

    /// <summary>All recipe files, relative to the folder of recipes; its "parts" are not recipes.</summary>
    public static IReadOnlyList<string> Files { get; } =
    [
        .. Directory.EnumerateFiles(Folder, "*.yaml", SearchOption.AllDirectories)
            .Select(file => Path.GetRelativePath(Folder, file))
            .Where(file => !file.StartsWith("parts" + Path.DirectorySeparatorChar, StringComparison.Ordinal))
            .Order(StringComparer.Ordinal),
    ];

    private static string Folder => RepoPaths.Combine("recipes");

    public IReadOnlyList<SmokeStage> Of(string file)
        => _done.TryGetValue(file, out var stages) ? stages : throw new InvalidOperationException("begins with weights that no recipe has made");

    public void Dispose() => _pictures.Dispose();

    private SmokeStage[] Run(string file)
    {
        var recipes = Stages(file).Select(stage => stage with { InitFrom = Weights(stage) }).ToList();
        return [.. TrainingStage.Plan(recipes, recipes.Count == 1 ? RunOf(recipes[0].Name) : RunOf("")).Select(Run)];
    }

    private static SmokeStage Run(TrainingStage stage)
    {
        var losses = new List<double>();
        var options = new TrainingOptions { Cache = Path.Combine(stage.Folder.Path, "cache"), Threads = 1, ReportEvery = 1 };
        try
        {
            new Trainer(stage.Recipe, stage.Folder, options, new Collect(losses)).Run(default);
            return new SmokeStage(stage.Recipe.Name, losses, null);
        }
        catch (Exception e)
        {
            // Not swallowed: the test of this recipe reports it.
            return new SmokeStage(stage.Recipe.Name, losses, e);
        }
    }

    private IReadOnlyList<Recipe> Stages(string file)
        => Recipe.LoadStages(Path.Combine(Folder, file), ["smoke"],
        [
            $"data.folders=[{{ path: {_pictures.Folder} }}]",
            "data.patch.gray=0",
            "data.degradation.quality={ list: [10], uniform: 0 }",
            "data.degradation.double=0",
        ]);

    // "runs/NAME/model.safetensors", as recipes name the weights that another recipe makes, within this test's own folder.
    private string? Weights(Recipe stage)
        => stage.InitFrom is null ? null : new RunFolder(RunOf(stage.InitFrom.Split('/')[1])).Model;

    private string RunOf(string name) => Path.Combine(_pictures.Cache, "runs", name);

    private sealed class Collect(List<double> losses) : IProgress<TrainingProgress>
    {
        public void Report(TrainingProgress value) => losses.Add(value.Loss);
    }
}
