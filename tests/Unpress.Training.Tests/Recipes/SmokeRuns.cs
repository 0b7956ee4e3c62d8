using System.Collections.Concurrent;
using System.Text.RegularExpressions;
using Unpress.Recipes;
using Unpress.Testing;
using Unpress.Tests.Data;
using Unpress.Training;

namespace Unpress.Tests.Recipes;

/// <summary>The smoke overlay of every recipe file, run once for all tests, side by side, on made pictures and one thread each.</summary>
public sealed partial class SmokeRuns : IDisposable
{
    // Little variety, so that the loss of one step can be compared with that of another.
    private readonly TrainingPictures _pictures = new((128, 136, 3));
    private readonly ConcurrentDictionary<string, SmokeStage[]> _done = new();
    private readonly string _workplace = Environment.CurrentDirectory;

    public SmokeRuns()
    {
        // Recipes name the weights that others make by where those leave them: runs/NAME/model.safetensors.
        Environment.CurrentDirectory = _pictures.Folder;
        var waiting = Files.ToList();
        while (waiting.Count > 0)
        {
            var ready = waiting.Where(file => Needs(file).All(File.Exists)).ToList();
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

    public void Dispose()
    {
        Environment.CurrentDirectory = _workplace;
        _pictures.Dispose();
    }

    private SmokeStage[] Run(string file)
    {
        try
        {
            return [.. TrainingStage.Plan(Stages(file), null).Select(Run)];
        }
        catch (RecipeException e)
        {
            return [new SmokeStage(file, false, [], e)];
        }
    }

    private static SmokeStage Run(TrainingStage stage)
    {
        var losses = new List<double>();
        var options = new TrainingOptions { Cache = Path.Combine(stage.Folder.Path, "cache"), Threads = 1, ReportEvery = 1 };
        try
        {
            new Trainer(stage.Recipe, stage.Folder, options, new Collect(losses)).Run(default);
            return new SmokeStage(stage.Recipe.Name, stage.Recipe.Discriminator is not null, losses, null);
        }
        catch (Exception e)
        {
            // Not swallowed: the test of this recipe reports it.
            return new SmokeStage(stage.Recipe.Name, stage.Recipe.Discriminator is not null, losses, e);
        }
    }

    // One hard setting for all patches: in seconds, nothing else lets a loss be seen to fall.
    private IReadOnlyList<Recipe> Stages(string file)
    {
        string path = Path.Combine(Folder, file);
        string[] hard = Recipe.LoadStages(path, ["smoke"], [])[0].ToYaml().Contains("type: history", StringComparison.Ordinal)
            ? ["data.degradation.first={ list: [10], uniform: 0 }", "data.degradation.once=1", "data.degradation.raw=0", "data.degradation.light=0"]
            : ["data.degradation.quality={ list: [10], uniform: 0 }", "data.degradation.double=0"];
        return Recipe.LoadStages(path, ["smoke"], [$"data.folders=[{{ path: {_pictures.Folder} }}]", "data.patch.gray=0", .. hard]);
    }

    // The weights that other recipes make; those of its own stages are not there yet.
    private IEnumerable<string> Needs(string file)
    {
        var stages = Stages(file);
        return stages.SelectMany(stage => MadeWeights().Matches(stage.ToYaml()))
            .Where(match => !stages.Any(stage => stage.Name == match.Groups[1].Value))
            .Select(match => match.Value);
    }

    [GeneratedRegex(@"runs/([^/\s]+)/model\.safetensors")]
    private static partial Regex MadeWeights();

    private sealed class Collect(List<double> losses) : IProgress<TrainingProgress>
    {
        public void Report(TrainingProgress value) => losses.Add(value.Loss);
    }
}
