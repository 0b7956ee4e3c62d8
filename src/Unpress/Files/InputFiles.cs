using Unpress.Imaging.Formats;

namespace Unpress.Files;

/// <summary>What a command line of files and folders means.</summary>
public static class InputFiles
{
    /// <summary>
    /// Files that were named are taken whatever they are, missing ones too: whoever loads them says so. Of a folder its pictures; one that
    /// has none, or cannot be read, is an input with a fault. In the order given, within a folder by name; a file named twice comes once.
    /// </summary>
    /// <param name="recursive">Look into the folders below as well.</param>
    /// <param name="passOver">Pictures of a folder whose name, without the extension, ends in this are left out; null for none.</param>
    public static IReadOnlyList<InputFile> Find(IEnumerable<string> paths, bool recursive, string? passOver = null)
    {
        var found = new List<InputFile>();
        foreach (string path in paths)
        {
            if (path != InputFile.Standard && Directory.Exists(path))
                found.AddRange(InFolder(path, recursive, passOver));
            else
                found.Add(new InputFile(path, Path.GetFileName(path)));
        }

        return [.. found.DistinctBy(input => input.IsStandard ? input.Path : Path.GetFullPath(input.Path))];
    }

    /// <summary>
    /// The pictures of one folder, by name: files whose first bytes or whose extension are a picture's, so that a damaged picture is named
    /// when it fails, not passed over. Hidden files and folders are left out.
    /// </summary>
    /// <exception cref="IOException">The folder cannot be read.</exception>
    /// <exception cref="UnauthorizedAccessException">The folder may not be read.</exception>
    public static IReadOnlyList<string> Below(string folder, bool recursive)
    {
        var options = new EnumerationOptions { IgnoreInaccessible = true, AttributesToSkip = FileAttributes.Hidden, RecurseSubdirectories = recursive };
        return [.. Directory.EnumerateFiles(folder, "*", options).Order(StringComparer.Ordinal).Where(IsPicture)];
    }

    private static List<InputFile> InFolder(string folder, bool recursive, string? passOver)
    {
        IReadOnlyList<string> files;
        try
        {
            files = Below(folder, recursive);
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            return [new InputFile(folder, folder, "the folder cannot be read")];
        }

        var pictures = files.Where(file => passOver is null || !Path.GetFileNameWithoutExtension(file).EndsWith(passOver, StringComparison.Ordinal))
            .Select(file => new InputFile(file, Path.GetRelativePath(folder, file))).ToList();
        return pictures.Count > 0
            ? pictures
            : [new InputFile(folder, folder, recursive ? "no pictures in this folder or below it" : "no pictures in this folder; -r looks below it too")];
    }

    private static bool IsPicture(string path)
    {
        if (ImageFormats.FromExtension(path) is not null)
            return true;
        try
        {
            var head = new byte[ImageFormats.SignatureLength];
            using var file = File.OpenRead(path);
            return ImageFormats.Detect(head.AsSpan(0, file.ReadAtLeast(head, head.Length, throwOnEndOfStream: false))) is not null;
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            return false; // neither its name nor its bytes say that it is one
        }
    }
}

/// <summary>One picture to work on, and where its result belongs below an output folder: the tree is mirrored.</summary>
/// <param name="Path">As given, or found below a folder that was given; "-" for standard input.</param>
/// <param name="RelativePath">Relative to the folder that was given; the bare name for a file that was given itself.</param>
/// <param name="Fault">Why it cannot even be tried; null when it can.</param>
public sealed record InputFile(string Path, string RelativePath, string? Fault = null)
{
    public const string Standard = "-";

    public bool IsStandard => Path == Standard;
}

/// <summary>An input that gave no result, and why, in one line without the path.</summary>
public sealed record InputFault(string Path, string Reason)
{
    public override string ToString() => $"{Path}: {Reason}";
}
