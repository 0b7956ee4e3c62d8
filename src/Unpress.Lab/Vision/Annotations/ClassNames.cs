using Unpress.Imaging;

namespace Unpress.Vision.Annotations;

/// <summary>A text file with the names of a model's classes, one a line, in its order.</summary>
public static class ClassNames
{
    /// <exception cref="InvalidFileException">There is no such file.</exception>
    public static IReadOnlyList<string> Read(string file) => File.Exists(file)
        ? [.. File.ReadLines(file).Select(line => line.Trim()).Where(line => line.Length > 0)]
        : throw new InvalidFileException(file, "no such file; it should name the model's classes");
}
