using Unpress.Imaging;
using Unpress.Vision.Annotations;

namespace Unpress.Lab.Experiments;

/// <summary>A detector's classes in the numbering of annotations.</summary>
/// <param name="file">The names of its classes, one a line; null where they are those of the annotation, in their order.</param>
internal sealed class DetectorClasses(string detector, string? file)
{
    private readonly IReadOnlyList<string>? _names = file is null ? null : ClassNames.Read(file);

    /// <exception cref="InvalidFileException">The list has not one class of the annotation.</exception>
    public void Check(BoxAnnotations set)
    {
        if (_names?.Intersect(set.Classes).Any() == false)
            throw new InvalidFileException(file!, $"has none of the classes of {set.Path}: {string.Join(", ", set.Classes.Take(3))}{(set.Classes.Count > 3 ? ", …" : "")}");
    }

    /// <returns>Place in the annotation's list; −1 where that has no such class.</returns>
    /// <exception cref="InvalidFileException">Nobody says what the class is.</exception>
    public int Place(int own, BoxAnnotations set)
    {
        if (own < (_names ?? set.Classes).Count)
            return _names is null ? own : set.Place(_names[own]);
        throw _names is null
            ? new InvalidFileException(set.Path, $"has {set.Classes.Count} classes, and {detector} sees its class number {own + 1}; give {detector} its 'classes', a file with a name a line")
            : new InvalidFileException(file!, $"has too few names ({_names.Count}): {detector} sees its class number {own + 1}; one a line for each");
    }
}
