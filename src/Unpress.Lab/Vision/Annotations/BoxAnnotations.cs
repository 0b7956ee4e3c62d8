namespace Unpress.Vision.Annotations;

/// <summary>What is where in the pictures of a set.</summary>
/// <param name="Path">Of the file or folder.</param>
/// <param name="Voc">In VOC's form, else COCO's.</param>
/// <param name="Classes">Their names; of COCO in the order of their numbers.</param>
/// <param name="Pictures">By the picture's file name without folder and extension. A picture with nothing in it has an empty list.</param>
public sealed record BoxAnnotations(string Path, bool Voc, IReadOnlyList<string> Classes, IReadOnlyDictionary<string, IReadOnlyList<TrueBox>> Pictures)
{
    /// <summary>Of a class in <see cref="Classes"/>; −1 where there is no such.</summary>
    public int Place(string kind)
    {
        for (int place = 0; place < Classes.Count; place++)
        {
            if (Classes[place] == kind)
                return place;
        }

        return -1;
    }

    /// <summary>Why a picture cannot be judged; null where it can.</summary>
    /// <param name="picture">File name without folder and extension.</param>
    public string? Lacks(string picture) => Pictures.ContainsKey(picture) ? null : $"is not in {Path}";

    /// <summary>COCO's JSON where the path is a file, VOC's XML where it is a folder.</summary>
    /// <exception cref="Imaging.InvalidFileException">Neither, or damaged.</exception>
    public static BoxAnnotations Read(string path) =>
        Directory.Exists(path) ? VocBoxes.Read(path) : CocoBoxes.Read(path);
}
