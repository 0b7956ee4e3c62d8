using Unpress.Files;

namespace Unpress.Evaluation;

/// <summary>A folder that is a set of pictures.</summary>
public static class PictureFolder
{
    /// <summary>Every picture in it and below it, by name.</summary>
    /// <inheritdoc cref="InputFiles.Below" path="/exception"/>
    public static IReadOnlyList<string> Files(string folder) => InputFiles.Below(folder, recursive: true);
}
