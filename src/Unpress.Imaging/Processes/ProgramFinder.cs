using System.ComponentModel;

namespace Unpress.Imaging.Processes;

/// <summary>Finds programs as a shell would.</summary>
public static class ProgramFinder
{
    /// <summary>Absolute path of a program on PATH, or null. Asked anew each time, so that a program just installed is found.</summary>
    public static string? Find(string name)
    {
        string[] endings = OperatingSystem.IsWindows() ? [".exe", ".cmd"] : [""];
        string[] folders = (Environment.GetEnvironmentVariable("PATH") ?? "").Split(Path.PathSeparator, StringSplitOptions.RemoveEmptyEntries);
        return folders
            .SelectMany(folder => endings.Select(ending => Path.Combine(folder, name + ending)))
            .FirstOrDefault(IsProgram);
    }

    /// <summary>Why a program is not found where the system would look for it, and what to do about it; null when it is.</summary>
    /// <param name="program">A path, or a name that PATH is searched for.</param>
    public static string? Fault(string program)
    {
        bool isPath = program.Contains('/', StringComparison.Ordinal);
        if (File.Exists(program))
            return !isPath || IsProgram(program) ? null : "it may not be run; chmod +x allows it";
        return isPath ? "there is no such file" : Find(program) is null ? "no program of this name is on PATH; install it, or give its path" : null;
    }

    /// <summary>Why the system did not start a program, one line.</summary>
    public static string Refusal(string program, Win32Exception error) => Fault(program) is { } fault ? $"{program}: {fault}"
        : error.NativeErrorCode is 8 or 193 ? $"{program}: is no program for this machine; a script needs #! in its first line"
        : $"{program}: cannot be started ({new Win32Exception(error.NativeErrorCode).Message})";

    private static bool IsProgram(string path) =>
        File.Exists(path) && (OperatingSystem.IsWindows() || (File.GetUnixFileMode(path) & AnyExecute) != 0);

    private const UnixFileMode AnyExecute = UnixFileMode.UserExecute | UnixFileMode.GroupExecute | UnixFileMode.OtherExecute;
}
