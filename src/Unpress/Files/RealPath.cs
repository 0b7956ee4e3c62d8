namespace Unpress.Files;

/// <summary>Where a path really leads, whichever of its folders are links.</summary>
internal static class RealPath
{
    /// <summary>As many as Linux follows.</summary>
    private const int MostLinks = 40;

    /// <summary>The path without links, from the root of the disk and without a slash at its end. What is not there yet stays as it is written.</summary>
    /// <exception cref="IOException">Links lead in a circle.</exception>
    public static string Of(string path)
    {
        string full = Path.GetFullPath(path);
        string root = Path.GetPathRoot(full)!;
        var left = new Stack<string>(Parts(full[root.Length..]));
        string real = root;
        for (int links = 0; left.TryPop(out string? name);)
        {
            if (name == "..")
            {
                real = Path.GetDirectoryName(real) ?? root;
                continue;
            }

            string next = Path.Combine(real, name);
            if (new FileInfo(next).LinkTarget is not { } target)
            {
                real = next;
                continue;
            }

            if (++links > MostLinks)
                throw new IOException($"{path}: links that lead in a circle");
            if (Path.IsPathRooted(target))
                (real, target) = (root, target[Path.GetPathRoot(target)!.Length..]);
            foreach (string part in Parts(target))
                left.Push(part);
        }

        return real;
    }

    /// <summary>Whether a real path is this real folder or lies below it.</summary>
    public static bool IsWithin(string path, string folder) =>
        path == folder || path.StartsWith(Path.EndsInDirectorySeparator(folder) ? folder : folder + Path.DirectorySeparatorChar, StringComparison.Ordinal);

    /// <summary>The last first.</summary>
    private static IEnumerable<string> Parts(string path)
        => path.Split(Path.DirectorySeparatorChar, Path.AltDirectorySeparatorChar).Where(part => part.Length > 0 && part != ".").Reverse();
}
