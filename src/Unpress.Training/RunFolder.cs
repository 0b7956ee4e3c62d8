using System.Globalization;

namespace Unpress.Training;

/// <summary>The folder a training leaves behind, and the names in it.</summary>
public sealed class RunFolder
{
    private const string Prefix = "checkpoint-";
    private const string Suffix = ".safetensors";

    public RunFolder(string path) => Path = System.IO.Path.GetFullPath(path);

    /// <summary>The whole path; nothing needs to be there yet.</summary>
    public string Path { get; }

    /// <summary>The recipe as it was run, overlays and overrides included.</summary>
    public string Recipe => In("recipe.yaml");

    /// <summary>One JSON object per logged step and validation.</summary>
    public string Log => In("log.jsonl");

    /// <summary>Folder of TensorBoard event files.</summary>
    public string Events => In("events");

    /// <summary>Folder of what the network made of one validation picture, step by step.</summary>
    public string Samples => In("samples");

    /// <summary>The weights to use (the average, when one is kept), written with each checkpoint.</summary>
    public string Model => ModelIn(Path);

    /// <summary>The same, whole path, of a run folder that need not exist.</summary>
    public static string ModelIn(string path) => System.IO.Path.Combine(System.IO.Path.GetFullPath(path), "model.safetensors");

    /// <summary>Makes the folder if need be and keeps other trainings out of it until disposed; a killed process keeps out nobody.</summary>
    /// <exception cref="TrainingException">Another training is at work there.</exception>
    public IDisposable Claim()
    {
        Directory.CreateDirectory(Path);
        try
        {
            // .NET locks the file (flock), which ends with the process.
            return new FileStream(In(".lock"), FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None);
        }
        catch (IOException e) when (SystemFault.IsInUse(e))
        {
            throw new TrainingException($"{Path} is in use by another training; wait for it, or name another folder", e);
        }
    }

    public string Checkpoint(long step) => In(string.Create(CultureInfo.InvariantCulture, $"{Prefix}{step:D9}{Suffix}"));

    /// <summary>Checkpoints in the order of their steps. Each is whole: they are written beside and renamed.</summary>
    public IReadOnlyList<(long Step, string Path)> Checkpoints()
        => !Directory.Exists(Path) ? [] : [.. Directory.EnumerateFiles(Path, Prefix + "*" + Suffix)
            .Select(path => (Step: StepOf(path), path))
            .Where(entry => entry.Step >= 0)
            .OrderBy(entry => entry.Step)];

    /// <summary>Deletes all but the newest <paramref name="keep"/> checkpoints.</summary>
    public void Prune(int keep)
    {
        foreach (var (_, path) in Checkpoints().SkipLast(keep))
            File.Delete(path);
    }

    /// <summary>Deletes what a kill in the middle of writing left behind.</summary>
    public void RemoveLeftovers()
    {
        foreach (string file in Directory.EnumerateFiles(Path, "*.tmp"))
            File.Delete(file);
    }

    private static long StepOf(string path)
    {
        string name = System.IO.Path.GetFileName(path)[Prefix.Length..^Suffix.Length];
        return long.TryParse(name, NumberStyles.None, CultureInfo.InvariantCulture, out long step) ? step : -1;
    }

    private string In(string name) => System.IO.Path.Combine(Path, name);
}
