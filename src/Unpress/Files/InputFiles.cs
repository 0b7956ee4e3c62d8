namespace Unpress.Files;

/// <summary>What a command line of files and folders means.</summary>
public static class InputFiles
{
    /// <summary>
    /// Files that were named are taken whatever they are, missing ones too: whoever loads them says so. Of a folder its pictures; one that
    /// has none, or cannot be read, is an input with a fault. In the order given, within a folder by name; a file named twice comes once.
    /// </summary>
    /// <param name="recursive">Look into the folders below as well.</param>
    public static IReadOnlyList<InputFile> Find(IEnumerable<string> paths, bool recursive)
    {
        var found = new List<InputFile>();
        foreach (string path in paths)
        {
            if (path != InputFile.Standard && Directory.Exists(path))
                found.AddRange(InFolder(path, recursive));
            else
                found.Add(new InputFile(path, Path.GetFileName(path)));
        }

        return [.. found.DistinctBy(input => input.IsStandard ? input.Path : Path.GetFullPath(input.Path))];
    }

    /// <summary>
    /// The pictures of one folder, by name: files whose first bytes or whose extension are a picture's, so that a damaged picture is named
    /// when it fails, not passed over. Hidden files and folders, pipes and devices are left out; each folder is visited once, whatever links lead to it.
    /// </summary>
    /// <exception cref="IOException">The folder cannot be read.</exception>
    /// <exception cref="UnauthorizedAccessException">The folder may not be read.</exception>
    public static IReadOnlyList<string> Below(string folder, bool recursive)
    {
        var files = new List<string>();
        foreach (string path in Walk(folder, recursive, unreadable: null))
            files.Add(path);
        return [.. files.Order(StringComparer.Ordinal)];
    }

    /// <summary>
    /// As <see cref="Below"/> with all folders, without the compressed copies that <c>compress</c> and <c>data prepare --mirror</c> lay
    /// beside the originals: folders below this one that hold <see cref="CompressedCopies"/>.
    /// </summary>
    /// <inheritdoc cref="Below" path="/exception"/>
    public static OriginalFiles Originals(string folder)
    {
        var copies = new List<string>();
        string[] files = [.. Walk(folder, recursive: true, unreadable: null, copies).Order(StringComparer.Ordinal)];
        return new OriginalFiles(files, copies.Sum(CompressedCopies.CountIn));
    }

    /// <param name="unreadable">Gets the folders below that cannot be read; null passes them over.</param>
    /// <param name="copies">Gets the folders below that hold compressed copies and are not entered; null enters them.</param>
    private static IEnumerable<string> Walk(string folder, bool recursive, List<string>? unreadable, List<string>? copies = null)
    {
        string top = FolderListing.Real(folder);
        var visited = new HashSet<string>(StringComparer.Ordinal) { top };
        var waiting = new Stack<(string Path, string Real)>([(folder, top)]);
        while (waiting.TryPop(out var one))
        {
            FolderListing here;
            try
            {
                here = FolderListing.Of(one.Path, recursive);
            }
            catch (Exception error) when (one.Path != folder && error is IOException or UnauthorizedAccessException)
            {
                unreadable?.Add(one.Path);
                continue;
            }

            foreach (string file in here.Pictures)
                yield return file;
            foreach (string path in here.Folders)
            {
                string real = FolderListing.Real(Path.Combine(one.Real, Path.GetFileName(path)));
                if (!visited.Add(real))
                    continue;
                if (copies is not null && CompressedCopies.AreIn(path))
                    copies.Add(path);
                else
                    waiting.Push((path, real));
            }
        }
    }

    private static List<InputFile> InFolder(string folder, bool recursive)
    {
        List<string> files, unreadable = [];
        try
        {
            files = [.. Walk(folder, recursive, unreadable).Order(StringComparer.Ordinal)];
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            return [new InputFile(folder, folder, FolderListing.Reason(folder, error))];
        }

        var pictures = files
            .Select(file => new InputFile(file, Path.GetRelativePath(folder, file)))
            .Concat(unreadable.Select(below => new InputFile(below, Path.GetRelativePath(folder, below), FolderListing.Reason(below)))).ToList();
        return pictures.Count > 0
            ? pictures
            : [new InputFile(folder, folder, recursive ? "no pictures in this folder or below it" : "no pictures in this folder; -r looks below it too")];
    }
}

/// <summary>Folders of pictures that this program compressed.</summary>
public static class CompressedCopies
{
    /// <summary>What <c>compress</c> leaves in such a folder.</summary>
    public const string ManifestName = "compress.json";

    /// <summary>How many, whatever their codec: a file that no program reads and the picture decoded from it count once.</summary>
    public static int CountIn(string folder) => Directory.EnumerateFiles(folder, "*", SearchOption.AllDirectories)
        .Where(file => Path.GetFileName(file) is var name && name != ManifestName && name[0] != '.')
        .DistinctBy(file => Path.ChangeExtension(file, null)).Count();

    public static bool AreIn(string folder) => File.Exists(Path.Combine(folder, ManifestName));
}

/// <summary>The originals of a folder.</summary>
/// <param name="Files">By name.</param>
/// <param name="Copies">Pictures passed over, since they are compressed copies.</param>
public sealed record OriginalFiles(IReadOnlyList<string> Files, int Copies);

/// <summary>One picture to work on, and where its result belongs below an output folder: the tree is mirrored.</summary>
/// <param name="Path">As given, or found below a folder that was given; "-" for standard input.</param>
/// <param name="RelativePath">Relative to the folder that was given; the bare name for a file that was given itself.</param>
/// <param name="Fault">Why it cannot even be tried; null when it can.</param>
public sealed record InputFile(string Path, string RelativePath, string? Fault = null)
{
    public const string Standard = "-";

    /// <summary>The path as the system has it, where that is not UTF-8 and <paramref name="Path"/> only looks like it; null otherwise.</summary>
    public byte[]? Bytes { get; init; }

    public bool IsStandard => Path == Standard;
}

/// <summary>An input that gave no result, and why, in one line without the path.</summary>
public sealed record InputFault(string Path, string Reason)
{
    /// <summary>One line, whatever the name holds.</summary>
    public override string ToString() => string.Concat($"{Path}: {Reason}".Select(letter => char.IsControl(letter) ? ' ' : letter));
}
