namespace Unpress.Onnx;

/// <summary>A model file that cannot be used: its message is one line that names the file and the fault.</summary>
public sealed class OnnxFileException : Exception
{
    private const int LongestReason = 400;

    public OnnxFileException(string path, string reason, Exception? inner = null)
        : base($"{OneLine(path)}: {OneLine(reason)}", inner)
    {
        Path = path;
        Reason = OneLine(reason);
    }

    /// <summary>The file as it was named by the caller.</summary>
    public string Path { get; }

    /// <summary>What is wrong with it, without the file's name.</summary>
    public string Reason { get; }

    // Reasons quote names out of the file, and a hostile file may put line ends, terminal codes or a megabyte there.
    private static string OneLine(string text)
    {
        string printable = string.Concat(text.Select(c => char.IsControl(c) ? ' ' : c));
        return printable.Length <= LongestReason ? printable : string.Concat(printable.AsSpan(0, LongestReason), "…");
    }
}
