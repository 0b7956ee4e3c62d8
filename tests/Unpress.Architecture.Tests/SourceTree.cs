namespace Unpress.Architecture.Tests;

/// <summary>The project's own text files, without what builds leave behind.</summary>
internal static class SourceTree
{
    private static readonly string[] Folders = ["src", "native", "tests", "bench", "eng"];
    private static readonly string[] BuildFolders = ["bin", "obj", "node_modules"];

    /// <summary>Files with one of these extensions, as paths relative to the repository with forward slashes.</summary>
    public static IReadOnlyList<string> Files(params string[] extensions) =>
        [.. Folders
            .Select(folder => RepoPaths.Combine(folder))
            .Where(Directory.Exists)
            .SelectMany(folder => Directory.EnumerateFiles(folder, "*", SearchOption.AllDirectories))
            .Select(file => Path.GetRelativePath(RepoPaths.Root, file).Replace('\\', '/'))
            .Where(file => extensions.Contains(Path.GetExtension(file)))
            .Where(file => !file.Split('/').Intersect(BuildFolders).Any())
            .Order(StringComparer.Ordinal)];

    public static string[] Lines(string file) => File.ReadAllLines(RepoPaths.Combine(file));
}
