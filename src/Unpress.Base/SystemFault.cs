using System.Text.RegularExpressions;

namespace Unpress;

/// <summary>What the system says of files, in words that say what to do: .NET's own sentences name temporary files and give no advice.</summary>
public static partial class SystemFault
{
    private const string DiskFull = "the disk is full: make room, or write to another one";
    private const string QuotaUsed = "your part of the disk is used up: make room, or write to another one";
    private const string InUse = "another process is using it";
    private const string NameTooLong = "the name is too long: most disks take 255 bytes a name; choose a shorter one";

    /// <summary>What .NET gives exceptions that no error of the system has led to.</summary>
    private const int NoCode = unchecked((int)0x80131620);

    /// <summary>Why, without the file's name, and what to do about it where that is known.</summary>
    /// <param name="error">An <see cref="IOException"/> or an <see cref="UnauthorizedAccessException"/>.</param>
    public static string Reason(Exception error) => error switch
    {
        FileNotFoundException => "no such file",
        DirectoryNotFoundException => "its folder does not exist",
        PathTooLongException => NameTooLong,
        UnauthorizedAccessException { InnerException: null } when PathOf(error) is null => error.Message.ReplaceLineEndings(" "),
        UnauthorizedAccessException => "no permission",
        { HResult: NoCode } => error.Message.ReplaceLineEndings(" "),
        _ => Advice(error.HResult) ?? Quoted().Replace(error.Message, "").TrimEnd('.').ReplaceLineEndings(" "),
    };

    /// <summary>As <see cref="Reason"/>, with the name of the file in front where the exception says it.</summary>
    public static string Line(Exception error) => PathOf(error) is { } path ? $"{path}: {Reason(error)}" : Reason(error);

    /// <summary>The file that the system was asked for; null where the exception does not say it, as for standard output.</summary>
    public static string? PathOf(Exception error)
    {
        if (error is FileNotFoundException { FileName: { Length: > 0 } name })
            return name;
        return error.HResult != NoCode && Quoted().Match(error.Message) is { Success: true } match ? match.Groups["path"].Value : null;
    }

    /// <summary>False for a message of this program's own.</summary>
    public static bool IsOfSystem(Exception error) => Advice(error.HResult) is not null;

    /// <summary>True where another process has locked the file.</summary>
    public static bool IsInUse(Exception error) => Advice(error.HResult) == InUse;

    /// <summary>By the numbers of Linux and macOS, and of Windows those that .NET does not give types to.</summary>
    private static string? Advice(int code) => (code, OperatingSystem.IsWindows(), OperatingSystem.IsMacOS()) switch
    {
        (unchecked((int)0x80070070) or unchecked((int)0x80070027), true, _) => DiskFull,
        (unchecked((int)0x80070020), true, _) => InUse,
        (_, true, _) => null,
        (28, _, _) => DiskFull,
        (122, _, false) or (69, _, true) => QuotaUsed,
        (11, _, false) or (35, _, true) => InUse,
        (36, _, false) or (63, _, true) => NameTooLong,
        (27, _, _) => "the file would be larger than the disk or your limits allow (ulimit -f): write to another one",
        (30, _, _) => "the disk can only be read: write to another one",
        (5, _, _) => "the disk fails to read or write it: it may be damaged",
        (23 or 24, _, _) => "too many files are open: raise the limit (ulimit -n)",
        (32, _, _) => "the program that reads it has ended",
        _ => null,
    };

    /// <summary>How .NET names the file: <c>… : '/tmp/x'</c>, or within the sentence.</summary>
    [GeneratedRegex("( :)? '(?<path>[^']*)'")]
    private static partial Regex Quoted();
}
