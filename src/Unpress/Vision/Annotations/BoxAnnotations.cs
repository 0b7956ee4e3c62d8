namespace Unpress.Vision.Annotations;

/// <summary>What is where in the pictures of a set.</summary>
/// <param name="Classes">Their names; of COCO in the order of their numbers.</param>
/// <param name="Pictures">By the picture's file name without folder and extension. A picture with nothing in it has an empty list.</param>
public sealed record BoxAnnotations(IReadOnlyList<string> Classes, IReadOnlyDictionary<string, IReadOnlyList<TrueBox>> Pictures)
{
    /// <summary>COCO's JSON where the path is a file, VOC's XML where it is a folder.</summary>
    /// <exception cref="Imaging.InvalidFileException">Neither, or damaged.</exception>
    public static BoxAnnotations Read(string path) =>
        Directory.Exists(path) ? VocBoxes.Read(path) : CocoBoxes.Read(path);
}
