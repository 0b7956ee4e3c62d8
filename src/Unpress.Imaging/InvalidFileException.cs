namespace Unpress.Imaging;

/// <summary>A file that cannot be used: its message is one line that names the file, the fault and what to do.</summary>
public sealed class InvalidFileException : Exception
{
    public InvalidFileException(string path, string reason, Exception? inner = null)
        : base($"{path}: {reason}", inner)
    {
        Path = path;
        Reason = reason;
    }

    public string Path { get; }

    public string Reason { get; }
}
