using Unpress.Imaging.Formats;

namespace Unpress.Inference.Jobs;

/// <summary>What a list of files and folders means.</summary>
public static class EnhanceInputs
{
    /// <summary>The end of a result's name, before the extension, when it is written beside its input.</summary>
    public const string ResultMark = ".unpress";

    private static readonly EnumerationOptions OneFolder = new() { IgnoreInaccessible = true, AttributesToSkip = FileAttributes.Hidden };
    private static readonly EnumerationOptions WholeTree = new()
    {
        IgnoreInaccessible = true,
        AttributesToSkip = FileAttributes.Hidden,
        RecurseSubdirectories = true,
    };

    /// <summary>
    /// Files that were named are taken whatever they are. Of a folder, those whose first bytes are a picture's, by name; other files,
    /// hidden ones and earlier results are passed over. A file named twice is done once.
    /// </summary>
    public static IReadOnlyList<EnhanceInput> Find(IEnumerable<string> paths, bool recursive)
    {
        var found = new List<EnhanceInput>();
        foreach (string path in paths)
        {
            if (path != EnhanceInput.Standard && Directory.Exists(path))
                found.AddRange(InFolder(path, recursive));
            else
                found.Add(new EnhanceInput(path, Path.GetFileName(path)));
        }

        return [.. found.DistinctBy(input => input.IsStandard ? input.Path : Path.GetFullPath(input.Path))];
    }

    private static List<EnhanceInput> InFolder(string folder, bool recursive)
    {
        var pictures = new List<EnhanceInput>();
        try
        {
            var files = Directory.EnumerateFiles(folder, "*", recursive ? WholeTree : OneFolder);
            foreach (string file in files.Order(StringComparer.Ordinal))
                if (!Path.GetFileNameWithoutExtension(file).EndsWith(ResultMark, StringComparison.Ordinal) && IsPicture(file))
                    pictures.Add(new EnhanceInput(file, Path.GetRelativePath(folder, file)));
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            return [new EnhanceInput(folder, folder, "the folder cannot be read")];
        }

        return pictures.Count > 0
            ? pictures
            : [new EnhanceInput(folder, folder, recursive ? "no pictures in this folder" : "no pictures in this folder; -r looks into those below")];
    }

    /// <summary>A file that cannot be opened counts as one: it is named when it fails, not passed over.</summary>
    private static bool IsPicture(string path)
    {
        try
        {
            var head = new byte[ImageFormats.SignatureLength];
            using var file = File.OpenRead(path);
            return ImageFormats.Detect(head.AsSpan(0, file.ReadAtLeast(head, head.Length, throwOnEndOfStream: false))) is not null;
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            return ImageFormats.FromExtension(path) is not null;
        }
    }
}
