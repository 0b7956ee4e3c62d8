using Unpress.Imaging;

namespace Unpress.Models;

/// <summary>Finds a model file by the name it has in a models folder, or by its path.</summary>
public static class ModelFinder
{
    /// <summary>The model that is used when none is named.</summary>
    public const string Default = "photo";

    /// <summary>What the names of models end in that the program runs by itself.</summary>
    public const string Extension = ".onnx";

    /// <summary>What the names of weight files end in, which the workshop makes and runs.</summary>
    public const string WeightsExtension = ".safetensors";

    private static readonly string[] Extensions = [Extension, WeightsExtension];

    private const string Variable = "UNPRESS_MODELS";

    /// <param name="nameOrFile">"photo", or a path to a file.</param>
    /// <param name="start">Where the search for a folder "models" begins, upward; null for the program's own folder.</param>
    /// <exception cref="MissingToolException">No such model; the message says which there are.</exception>
    public static string Find(string nameOrFile, string? start = null)
    {
        bool isPath = nameOrFile.AsSpan().ContainsAny('/', Path.DirectorySeparatorChar)
            || Extensions.Any(extension => nameOrFile.EndsWith(extension, StringComparison.OrdinalIgnoreCase));
        // A bare word is a name, even where a file happens to be called so, as the launcher ./unpress is.
        if (isPath && File.Exists(nameOrFile))
            return nameOrFile;
        if (isPath)
            throw new MissingToolException($"the model {nameOrFile}", "there is no such file");
        var files = All(start);
        if (files.FirstOrDefault(file => Path.GetFileNameWithoutExtension(file) == nameOrFile) is { } model)
            return model;
        var names = files.Select(file => Path.GetFileNameWithoutExtension(file)).Distinct().Order(StringComparer.Ordinal);
        string found = files.Count == 0 ? "no models folder holds any" : $"there are {string.Join(", ", names)}";
        throw new MissingToolException($"the model '{nameOrFile}'", $"{found}; a path to a {Extension} file will do");
    }

    /// <summary>All model files at hand: those of the nearest models folder first, in each the ONNX files before the weight files, by name.</summary>
    public static IReadOnlyList<string> All(string? start = null)
        => [.. Folders(start).SelectMany(folder => Extensions.SelectMany(
            extension => Directory.EnumerateFiles(folder, "*" + extension).Order(StringComparer.Ordinal)))];

    /// <summary>
    /// The models folders that exist: those named in the environment variable UNPRESS_MODELS, as in PATH, then those called "models" upward
    /// from the start, the nearest first.
    /// </summary>
    public static IEnumerable<string> Folders(string? start = null)
    {
        foreach (string named in (Environment.GetEnvironmentVariable(Variable) ?? "").Split(Path.PathSeparator, StringSplitOptions.RemoveEmptyEntries))
            if (Directory.Exists(named))
                yield return named;
        for (DirectoryInfo? folder = new(start ?? AppContext.BaseDirectory); folder is not null; folder = folder.Parent)
        {
            string models = Path.Combine(folder.FullName, "models");
            if (Directory.Exists(models))
                yield return models;
        }
    }
}
