using System.Globalization;
using Unpress.Files;
using Unpress.Imaging;
using Unpress.Imaging.Formats;

namespace Unpress.Inference.Jobs;

/// <summary>Where each result goes. No two results of one run share a name.</summary>
internal sealed class OutputNames
{
    /// <summary>The end of a result's name, before the extension, when it is written beside its input.</summary>
    public const string ResultMark = ".unpress";

    private readonly string? _output;
    private readonly bool _isFolder, _choosesFormat;
    private readonly string _extension;

    /// <param name="output">A file, a folder (existing, or with a slash at its end, or for several inputs), "-", or null: beside each input.</param>
    /// <exception cref="ArgumentException">One output file for several inputs.</exception>
    public OutputNames(string? output, bool manyInputs, ImageFormat? format)
    {
        _output = output;
        _isFolder = output is not null && output != InputFile.Standard
            && (manyInputs || Directory.Exists(output) || Path.EndsInDirectorySeparator(output));
        if (manyInputs && (output == InputFile.Standard || (output is not null && File.Exists(output))))
            throw new ArgumentException($"several pictures cannot go to one output, {output}: name a folder");
        bool isFolderByName = output is not null && (Directory.Exists(output) || Path.EndsInDirectorySeparator(output));
        if (manyInputs && output is not null && !isFolderByName && ImageFormats.FromExtension(output) is not null)
            throw new ArgumentException($"several pictures cannot go to one output, {output}: name a folder ({output}/ if it shall be called so)");
        if (output is not null && AtomicFile.IsDevice(Path.GetFullPath(output)) && !Directory.Exists(output))
            throw new ArgumentException($"-o {output}: is a device; name a file, or write -o - for standard output");
        if (output is not null && output != InputFile.Standard && !_isFolder && format is null && ImageFormats.FromExtension(output) is null)
        {
            throw new ArgumentException(
                $"-o {output} ends in no extension of a picture ({string.Join(' ', ImageFormats.Extensions)}); for a new folder write {output}/");
        }
        _choosesFormat = format is null && (output is null || _isFolder);
        _extension = ImageFormats.Extension(format ?? ImageFormat.Png);
    }

    /// <summary>The folder that all results lie in or below; null where there is none.</summary>
    public string? Folder => _isFolder ? _output : null;

    /// <summary>The inputs of a group that are to be done, with their names.</summary>
    /// <exception cref="ArgumentException">Two results would have one name.</exception>
    public IEnumerable<NamedInput> Name(InputGroup group)
    {
        var all = group.Files.Concat(group.Others).Where(input => !input.IsStandard && input.Fault is null).ToList();
        // photo.jpg and photo.png would both become photo.png: they keep their extension before the new one.
        var clashing = all.GroupBy(input => Stem(Plain(input)), StringComparer.OrdinalIgnoreCase)
            .Where(one => one.Count() > 1).SelectMany(one => one.Select(input => input.Path)).ToHashSet(StringComparer.Ordinal);
        var twice = all.GroupBy(input => For(Named(input)), StringComparer.OrdinalIgnoreCase).FirstOrDefault(one => one.Count() > 1);
        if (twice is not null && (_output is null || _isFolder))
            throw new ArgumentException($"{string.Join(" and ", twice.Select(input => input.Path))} would both become {twice.Key}: give them one after the other, with a folder each");
        return group.Files.Select(Named);

        NamedInput Named(InputFile input) => new(input, clashing.Contains(input.Path));
    }

    /// <summary>The same path for a picture that has been read: PNG, which nobody asked for, cannot hold CMYK, so TIFF takes its place.</summary>
    public string For(ImageBuffer picture, string path)
        => _choosesFormat && path != InputFile.Standard && picture.Model == ColourModel.Cmyk
            ? Path.ChangeExtension(path, ImageFormats.Extension(ImageFormat.Tiff))
            : path;

    /// <summary>The path of the result; "-" for standard output.</summary>
    /// <param name="candidate">The number at the end of the name; null for none.</param>
    public string For(NamedInput named, int? candidate = null)
    {
        var input = named.File;
        string number = candidate is { } counted ? string.Create(CultureInfo.InvariantCulture, $"-{counted}") : "";
        if (_output is not null && !_isFolder)
            return _output == InputFile.Standard ? _output : Stem(_output) + number + Path.GetExtension(_output);
        if (input.IsStandard)
            return _isFolder ? Path.Combine(_output!, "stdin" + number + _extension) : InputFile.Standard;
        string plain = Plain(input);
        string name = (named.KeepsExtension ? plain : Stem(plain)) + number;
        return (_isFolder ? name : name + ResultMark) + _extension;
    }

    private string Plain(InputFile input) => _isFolder ? Path.Combine(_output!, input.RelativePath) : input.Path;

    private static string Stem(string path) => Path.Combine(Path.GetDirectoryName(path) ?? "", Path.GetFileNameWithoutExtension(path));
}

/// <summary>An input whose result has its name.</summary>
/// <param name="KeepsExtension">Before the result's own.</param>
internal readonly record struct NamedInput(InputFile File, bool KeepsExtension);
