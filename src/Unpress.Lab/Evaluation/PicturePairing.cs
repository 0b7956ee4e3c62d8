using Unpress.Files;

namespace Unpress.Evaluation;

/// <summary>Which pictures belong together.</summary>
/// <param name="Pairs">In the order of their names.</param>
/// <param name="Unmatched">Files left over, each with the reason.</param>
public sealed record PicturePairing(IReadOnlyList<PicturePaths> Pairs, IReadOnlyList<UnmatchedPicture> Unmatched)
{
    /// <summary>
    /// Two files are one pair, whatever their names. Two folders are searched with their subfolders and paired by path
    /// without extension, so that <c>a/cat.png</c> meets <c>a/cat.jpg</c>.
    /// </summary>
    /// <exception cref="FileNotFoundException">One of the two is neither a file nor a folder.</exception>
    /// <exception cref="ArgumentException">One is a file and the other a folder.</exception>
    public static PicturePairing Find(string reference, string image)
    {
        foreach (string path in new[] { reference, image })
            if (!Path.Exists(path))
                throw new FileNotFoundException($"{path}: no such file or folder", path);
        if (Directory.Exists(reference) != Directory.Exists(image))
            throw new ArgumentException($"{reference} and {image}: give two files or two folders");
        return Directory.Exists(reference)
            ? Folders(reference, image)
            : new PicturePairing([new PicturePaths(Path.GetFileNameWithoutExtension(image), reference, image)], []);
    }

    /// <summary>A picture, or the pictures of a folder, to be judged without originals.</summary>
    /// <exception cref="FileNotFoundException">Neither a file nor a folder.</exception>
    public static PicturePairing Alone(string image)
    {
        if (!Path.Exists(image))
            throw new FileNotFoundException($"{image}: no such file or folder", image);
        return Directory.Exists(image)
            ? new PicturePairing([.. PictureFolder.Files(image).Select(file => new PicturePaths(Path.GetRelativePath(image, file), null, file))], [])
            : new PicturePairing([new PicturePaths(Path.GetFileNameWithoutExtension(image), null, image)], []);
    }

    private static PicturePairing Folders(string referenceFolder, string imageFolder)
    {
        var unmatched = new List<UnmatchedPicture>();
        var references = ByName(referenceFolder, unmatched);
        var images = ByName(imageFolder, unmatched);
        var pairs = new List<PicturePaths>();
        foreach (var (name, reference) in references)
        {
            if (images.Remove(name, out string? image))
                pairs.Add(new PicturePaths(name, reference, image));
            else
                unmatched.Add(new UnmatchedPicture(reference, $"nothing of this name in {imageFolder}"));
        }
        unmatched.AddRange(images.Values.Select(image => new UnmatchedPicture(image, $"nothing of this name in {referenceFolder}")));
        return new PicturePairing(pairs, unmatched);
    }

    private static SortedDictionary<string, string> ByName(string folder, List<UnmatchedPicture> unmatched)
    {
        var files = new SortedDictionary<string, string>(StringComparer.Ordinal);
        foreach (var group in PictureFolder.Files(folder).GroupBy(file => Path.ChangeExtension(Path.GetRelativePath(folder, file), null)))
        {
            if (group.Count() == 1)
                files.Add(group.Key, group.Single());
            else
                unmatched.AddRange(group.Select(file => new UnmatchedPicture(file, "several files have this name")));
        }
        return files;
    }
}

/// <summary>A file that was not compared with anything, and why.</summary>
public sealed record UnmatchedPicture(string Path, string Reason);

/// <summary>
/// Two files to compare, under the name they share: their path inside the folders, without extension. Without an original, one file to
/// judge.
/// </summary>
public sealed record PicturePaths(string Name, string? Reference, string Image);

/// <summary>A folder that is a set of pictures.</summary>
public static class PictureFolder
{
    /// <summary>Every picture in it and below it, by name.</summary>
    /// <inheritdoc cref="InputFiles.Below" path="/exception"/>
    public static IReadOnlyList<string> Files(string folder) => InputFiles.Originals(folder).Files;
}
