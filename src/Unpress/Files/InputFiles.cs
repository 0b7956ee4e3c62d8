using Unpress.Imaging.Formats;

namespace Unpress.Files;

/// <summary>What a command line of files and folders means.</summary>
/// <param name="Files">In the order given; within a folder by name.</param>
/// <param name="Faults">Inputs that are not there, and folders without pictures.</param>
public sealed record InputFiles(IReadOnlyList<InputFile> Files, IReadOnlyList<InputFault> Faults)
{
    /// <summary>
    /// Files are taken as they are, whatever their extension; of folders the files with a picture's extension (hidden ones left out),
    /// and those of the folders below only when <paramref name="recursive"/>.
    /// </summary>
    public static InputFiles Find(IEnumerable<string> inputs, bool recursive)
    {
        var files = new List<InputFile>();
        var faults = new List<InputFault>();
        var options = new EnumerationOptions { RecurseSubdirectories = recursive, IgnoreInaccessible = false };
        foreach (string input in inputs)
        {
            try
            {
                if (!Directory.Exists(input))
                {
                    if (File.Exists(input))
                        files.Add(new InputFile(input, Path.GetFileName(input)));
                    else
                        faults.Add(new InputFault(input, "no such file or folder"));
                    continue;
                }

                var found = Directory.EnumerateFiles(input, "*", options).Where(IsPicture).Order(StringComparer.Ordinal).ToList();
                files.AddRange(found.Select(path => new InputFile(path, Path.GetRelativePath(input, path))));
                if (found.Count == 0)
                    faults.Add(new InputFault(input, recursive ? "no pictures in this folder or below it" : "no pictures in this folder; -r looks below it too"));
            }
            catch (Exception error) when (error is IOException or UnauthorizedAccessException)
            {
                faults.Add(new InputFault(input, error.Message));
            }
        }

        return new InputFiles(files, faults);
    }

    private static bool IsPicture(string path) =>
        !Path.GetFileName(path).StartsWith('.') && ImageFormats.FromExtension(path) is not null;
}
