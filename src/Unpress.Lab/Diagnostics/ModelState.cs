using Unpress.Downloads;
using Unpress.Imaging;
using Unpress.Networks;

namespace Unpress.Diagnostics;

/// <summary>The default model, without which <c>enhance</c> does nothing.</summary>
/// <param name="Path">Its file; null when there is none.</param>
/// <param name="Bytes">Length of the file; 0 without one.</param>
/// <param name="Checked">True when the file has the SHA-256 that the list beside it gives.</param>
/// <param name="Problem">Why it cannot be used or trusted, and how to get it; null when all is well, or when no list says what it should be.</param>
public sealed record ModelState(string? Path, long Bytes, bool Checked, string? Problem)
{
    private const string List = "SHA256SUMS";
    private const string Remedy = "it comes with the project: git checkout -- models";

    /// <param name="start">Where the search for a folder "models" begins, upward; null for the program's own folder.</param>
    public static ModelState Find(string? start = null)
    {
        string path;
        try
        {
            path = ModelFinder.Find(ModelFinder.Default, start);
        }
        catch (MissingToolException)
        {
            return new(null, 0, false, $"no {ModelFinder.Default}.safetensors in a models folder; {Remedy}");
        }

        long bytes = new FileInfo(path).Length;
        string? expected = Expected(path);
        if (expected is null)
            return new(path, bytes, false, null);
        bool same = FileCheck.Hash(path).Equals(expected, StringComparison.OrdinalIgnoreCase);
        return new(path, bytes, same, same ? null : $"{path} is not the file whose SHA-256 {List} gives; {Remedy}");
    }

    // As sha256sum writes them: the hash, two signs, the name.
    private static string? Expected(string path)
    {
        string list = System.IO.Path.Combine(System.IO.Path.GetDirectoryName(path)!, List);
        return !File.Exists(list) ? null : File.ReadLines(list)
            .Select(line => line.Split(' ', 2, StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries))
            .FirstOrDefault(parts => parts.Length == 2 && parts[1].TrimStart('*') == System.IO.Path.GetFileName(path))?[0];
    }
}
