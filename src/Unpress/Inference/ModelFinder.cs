using Unpress.Imaging;

namespace Unpress.Inference;

/// <summary>Finds a weight file by the name it has in a models folder, or by its path.</summary>
public static class ModelFinder
{
    private const string Extension = ".safetensors";

    /// <param name="nameOrFile">"unpress", or a path to a file.</param>
    /// <param name="start">Where the search for a folder "models" begins, upward; null for the program's own folder.</param>
    /// <exception cref="MissingToolException">No such model; the message says which there are.</exception>
    public static string Find(string nameOrFile, string? start = null)
    {
        bool isPath = nameOrFile.AsSpan().ContainsAny('/', Path.DirectorySeparatorChar)
            || nameOrFile.EndsWith(Extension, StringComparison.OrdinalIgnoreCase);
        // A bare word is a name, even where a file happens to be called so, as the launcher ./unpress is.
        if (isPath && File.Exists(nameOrFile))
            return nameOrFile;
        if (isPath)
            throw new MissingToolException($"the model {nameOrFile}", "there is no such file");
        var names = new SortedSet<string>(StringComparer.Ordinal);
        for (DirectoryInfo? folder = new(start ?? AppContext.BaseDirectory); folder is not null; folder = folder.Parent)
        {
            string models = Path.Combine(folder.FullName, "models");
            string file = Path.Combine(models, nameOrFile + Extension);
            if (File.Exists(file))
                return file;
            if (Directory.Exists(models))
                names.UnionWith(Directory.EnumerateFiles(models, "*" + Extension).Select(path => Path.GetFileNameWithoutExtension(path)));
        }

        string found = names.Count == 0 ? "no models folder holds any" : $"there are {string.Join(", ", names)}";
        throw new MissingToolException($"the model '{nameOrFile}'", $"{found}; a path to a {Extension} file will do");
    }
}
