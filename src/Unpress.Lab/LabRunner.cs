using System.Reflection;
using System.Runtime.InteropServices;
using Unpress.Diagnostics;
using Unpress.Files;
using Unpress.Imaging;
using Unpress.Imaging.Codecs;
using Unpress.Lab.Experiments;
using Unpress.Lab.Recipes;
using Unpress.Lab.Results;
using Unpress.Models;
using Unpress.Recipes;
using Unpress.Torch;

namespace Unpress.Lab;

/// <summary>Runs an experiment into its folder, or goes on with one that was stopped or whose recipe has grown.</summary>
public static class LabRunner
{
    /// <param name="command">What gives the same figures again; it is recorded.</param>
    /// <param name="progress">Called after each step, from any thread, with the number of all steps.</param>
    /// <param name="device">Where the enhancers' models compute; one of <see cref="OnnxDevice.All"/>.</param>
    /// <param name="shard">Measures only this part of the pictures: <see cref="LabMerge"/> joins the folders of all. Null for all pictures.</param>
    /// <returns>The figures of the folder. Those that failed have an error.</returns>
    /// <exception cref="RecipeException">The experiment cannot be made with this recipe.</exception>
    /// <exception cref="InvalidFileException">The folder holds another experiment, or figures that this recipe would not give.</exception>
    /// <exception cref="MissingToolException">A model, or what a codec needs, is not on this machine.</exception>
    /// <exception cref="OperationCanceledException">Given up; what was measured stays.</exception>
    public static IReadOnlyList<Figure> Run(
        IExperiment experiment, LabRecipe recipe, LabFolder folder, string command, Action<int>? progress, CancellationToken cancellation,
        string device = OnnxDevice.Cpu, Shard? shard = null)
    {
        recipe = experiment.Complete(recipe);
        if (Faults(experiment, recipe).ToList() is { Count: > 0 } faults)
            throw new RecipeException([.. faults.Select(fault => $"{experiment.Name}: {fault}")]);
        var earlier = File.Exists(folder.Facts) ? folder.ReadFacts() : null;
        if (earlier is not null)
            Refuse(experiment, recipe, folder, earlier);
        foreach (var metric in LabMeasure.OfPictures(recipe.Metrics))
            metric.Prepare();
        var measures = experiment.Measures(recipe);
        // Numbers before parts: what is drawn for a picture is the same in whichever part it is.
        IReadOnlyList<LabPicture> pictures = [.. LabPicture.Of(recipe).Where(picture => shard?.Holds($"{picture.Set}/{picture.Name}") != false)];
        IReadOnlyList<ISetMeasure> setMeasures = [];
        var enhancers = new List<LabEnhancer>();
        try
        {
            setMeasures = experiment.SetMeasures(recipe);
            foreach (var section in recipe.Enhancers)
                enhancers.Add(LabEnhancer.Open(section, PictureCompression.All([.. recipe.Compression, .. recipe.Cycle?.Recompress ?? []]), device));
            Directory.CreateDirectory(folder.Path);
            using var results = ResultsFile.Open(folder.Results);
            RefuseOtherWeights(earlier, enhancers, folder);
            var facts = new RunFacts
            {
                Experiment = experiment.Name,
                Name = recipe.Name,
                Paper = recipe.Paper,
                Recipe = recipe.ToYaml(),
                Command = command,
                Version = typeof(LabRunner).Assembly.GetCustomAttribute<AssemblyInformationalVersionAttribute>()!.InformationalVersion,
                Started = earlier?.Started ?? DateTimeOffset.UtcNow,
                Machine = Machine(),
                Metrics =
                [
                    .. measures.Select(measure => measure.Facts),
                    .. setMeasures.SelectMany(measure => measure.Columns).Select(column => column.Facts),
                    .. experiment.OwnColumns,
                ],
                Codecs = [.. recipe.Compression.Select(FactsOf)],
                Enhancers = [.. enhancers.Select(enhancer => enhancer.Facts)],
                Sets = [.. recipe.Sets.Select(set => new SetFacts(
                    set.Name, set.Folder, [.. pictures.Where(picture => picture.Set == set.Name).Select(picture => picture.Name)],
                    Part: set.IsPart || shard is not null, set.Crop))],
                Cycles = recipe.Cycle?.Cycles ?? 1,
                Ablation = recipe.Ablation,
                Candidates = recipe.Candidates,
                Efficiency = recipe.Efficiency,
            };
            folder.Write(facts);
            experiment.Run(new LabSession(experiment.Name, recipe, folder, results, pictures, enhancers, measures, setMeasures, progress), cancellation);
            folder.Write(facts with { Finished = DateTimeOffset.UtcNow });
            return results.Figures();
        }
        finally
        {
            enhancers.ForEach(enhancer => enhancer.Dispose());
            foreach (var measure in measures.Concat<IDisposable>(setMeasures))
                measure.Dispose();
        }
    }

    private static IEnumerable<string> Faults(IExperiment experiment, LabRecipe recipe)
    {
        foreach (var (key, count) in new[] { ("sets", recipe.Sets.Count), ("compression", recipe.Compression.Count) })
        {
            if (experiment.OnPictures && count == 0)
                yield return $"{key} is empty";
        }

        foreach (string twice in recipe.Twice())
            yield return $"'{twice}' is there twice";
        foreach (var enhancer in recipe.Enhancers.Where(enhancer => enhancer.Name is Figure.Compressed or Figure.Raw))
            yield return $"an enhancer is called '{enhancer.Name}', which stands for pictures that nothing has enhanced";
        foreach (string section in recipe.OwnSections().Where(section => section != experiment.Name))
            yield return $"'{section}' is for the experiment {section}";
        foreach (string fault in experiment.Faults(recipe))
            yield return fault;
    }

    private static void Refuse(IExperiment experiment, LabRecipe recipe, LabFolder folder, RunFacts earlier)
    {
        if (earlier.Experiment != experiment.Name)
            throw new InvalidFileException(folder.Path, $"holds the experiment {earlier.Experiment}; choose another folder with --output");
        RecipeConflict.Refuse(LabRecipe.Parse(earlier.Recipe, folder.Facts), recipe, folder.Path);
    }

    private static void RefuseOtherWeights(RunFacts? earlier, IEnumerable<LabEnhancer> enhancers, LabFolder folder)
    {
        foreach (var facts in enhancers.Select(enhancer => enhancer.Facts))
        {
            if (earlier?.Enhancers.FirstOrDefault(old => old.Name == facts.Name) is { } before && before.Sha256 != facts.Sha256)
                throw new InvalidFileException(folder.Path, $"holds figures of other weights of {facts.Name}; choose another folder with --output");
        }
    }

    private static CodecFacts FactsOf(CompressionSection section)
    {
        var codec = CodecList.Find(section.Codec);
        return new CodecFacts(codec.Name, codec.QualityName, codec.Encoder, section.Settings);
    }

    private static string Machine()
    {
        var cpu = CpuFacts.OfThisMachine();
        long gigabytes = GC.GetGCMemoryInfo().TotalAvailableMemoryBytes >> 30;
        return $"{cpu.Model}, {cpu.Threads} threads, {gigabytes} GiB; {RuntimeInformation.OSDescription}; {(TorchRuntime.IsHere ? $"libtorch {TorchRuntime.Version}" : $"ONNX Runtime {OnnxRuntimeLibrary.Version}")}";
    }
}
