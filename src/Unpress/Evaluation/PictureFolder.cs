using Unpress.Imaging.Formats;

namespace Unpress.Evaluation;

/// <summary>The pictures of a folder.</summary>
public static class PictureFolder
{
    /// <summary>Every file below the folder whose extension is that of a picture, in the order of their names.</summary>
    public static IReadOnlyList<string> Files(string folder) =>
        [.. Directory.EnumerateFiles(folder, "*", SearchOption.AllDirectories)
            .Where(file => ImageFormats.FromExtension(file) is not null)
            .Order(StringComparer.Ordinal)];
}
