namespace Unpress;

/// <summary>What may go wrong through no fault of the program: the message is one line that a person can act on. A subclass says what it was.</summary>
public abstract class UnpressException(string message, Exception? inner = null) : Exception(message, inner)
{
    /// <summary>The line for an error of this kind or of the file system; null for one that is a defect of the program or ends its work.</summary>
    public static string? Line(Exception error) => error switch
    {
        UnpressException or InvalidDataException => error.Message.ReplaceLineEndings(" "),
        IOException or UnauthorizedAccessException => SystemFault.Line(error),
        _ => null,
    };

    /// <summary>As <see cref="Line"/>, without the file's name where the reader sees it already.</summary>
    /// <param name="path">The file that the line will stand beside.</param>
    public static string? Line(Exception error, string path)
        => error is FileException file && file.Path == path ? file.Reason
            : error is IOException or UnauthorizedAccessException && SystemFault.PathOf(error) is { } named && named == System.IO.Path.GetFullPath(path)
                ? SystemFault.Reason(error)
                : Line(error);
}

/// <summary>A file that cannot be used: the message names it and the fault.</summary>
public abstract class FileException(string path, string reason, Exception? inner = null)
    : UnpressException($"{OneLine(path)}: {OneLine(reason)}", inner)
{
    private const int LongestReason = 400;

    /// <summary>The file as it was named by the caller.</summary>
    public string Path { get; } = path;

    /// <summary>What is wrong with it, without the file's name.</summary>
    public string Reason { get; } = OneLine(reason);

    // Reasons quote names out of the file, and a hostile file may put line ends, terminal codes or a megabyte there.
    private static string OneLine(string text)
    {
        string printable = string.Concat(text.Select(c => char.IsControl(c) ? ' ' : c));
        return printable.Length <= LongestReason ? printable : string.Concat(printable.AsSpan(0, LongestReason), "…");
    }
}

/// <summary>A file that cannot be read or written, or a picture that is damaged or not supported.</summary>
/// <param name="fault">The kind of fault, for programs.</param>
public sealed class InvalidFileException(string path, string reason, Exception? inner = null, FailureCode fault = FailureCode.Unusable)
    : FileException(path, reason, inner)
{
    public FailureCode Fault { get; } = fault;
}

/// <summary>
/// Why a file cannot be used, or why there is no result of it, as programs tell it apart. In JSON with dashes between the words.
/// </summary>
public enum FailureCode
{
    /// <summary>None of the others; the message says it.</summary>
    Unusable,
    Missing,
    NoPermission,

    /// <summary>Its name is not UTF-8, so that it cannot be opened.</summary>
    Name,

    /// <summary>Of no known format.</summary>
    NotAPicture,

    /// <summary>A healthy file of a kind that is not read, or a picture that the format does not hold.</summary>
    Unsupported,
    Damaged,

    /// <summary>Over a limit on pixels.</summary>
    TooLarge,
    Memory,
    TimeLimit,

    /// <summary>It made a decoder or encoder crash.</summary>
    Crashed,

    /// <summary>A result is there already.</summary>
    Exists,
    CannotWrite,

    /// <summary>The model or its engine, or its output is no picture.</summary>
    Model,

    /// <summary>Another program that was to do the work.</summary>
    Program,

    /// <summary>A folder without pictures, or one that cannot be read.</summary>
    Folder,
}

/// <summary>A program or library this machine does not have; the message is one line that says how to get it.</summary>
public sealed class MissingToolException(string tool, string remedy) : Exception($"{tool} is missing: {remedy}")
{
    public string Tool { get; } = tool;
}
