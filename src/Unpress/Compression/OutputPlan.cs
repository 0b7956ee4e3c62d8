using Unpress.Files;

namespace Unpress.Compression;

/// <summary>Where the results of one input go: absolute paths.</summary>
internal sealed record OutputPaths(string Bitstream, string Decoded);

/// <summary>
/// Decides where results go: beside each other in an output folder that mirrors the inputs' tree, or, for a single input file and an
/// output with an extension, exactly there.
/// </summary>
internal sealed class OutputPlan
{
    private readonly string _output;
    private readonly CompressOptions _options;

    public OutputPlan(string output, bool singleFile, CompressOptions options)
    {
        _output = Path.GetFullPath(output);
        _options = options;
        IsFolder = !singleFile || Directory.Exists(output) || Path.GetExtension(output).Length == 0;
        if (!IsFolder)
            CheckExtension();
    }

    /// <summary>False when the output names the one file to write.</summary>
    public bool IsFolder { get; }

    public string Folder => IsFolder ? _output : Path.GetDirectoryName(_output)!;

    public OutputPaths For(InputFile input)
    {
        string path = IsFolder ? Path.Combine(_output, input.RelativePath) : _output;
        string bitstream = IsFolder || _options.Keep == Keep.Decoded ? Path.ChangeExtension(path, _options.Codec.Extension) : path;
        return new OutputPaths(bitstream, Path.ChangeExtension(path, ".png"));
    }

    /// <summary>As the manifest writes it: below the folder, with forward slashes on every system.</summary>
    public string Relative(string path) => Path.GetRelativePath(Folder, path).Replace('\\', '/');

    private void CheckExtension()
    {
        string expected = _options.Keep == Keep.Decoded ? ".png" : _options.Codec.Extension;
        string given = Path.GetExtension(_output).ToLowerInvariant();
        if (given != expected && !(given == ".jpeg" && expected == ".jpg"))
            throw new ArgumentException($"this writes a {expected} file, and the output is called {Path.GetFileName(_output)}");
    }
}
