using System.Collections.Concurrent;
using System.Diagnostics;
using System.Globalization;
using System.Text;

namespace Unpress;

/// <summary>
/// Names of temporary files and folders that say which process they belong to. What a process that was killed has left is deleted by the next one
/// that writes to the same place; what belongs to a process that is alive, or to another machine, stays.
/// </summary>
public static class Debris
{
    private const string Mark = "unpress-";

    private static readonly string Machine = MachineOf();
    private static readonly string Own = $"{Machine}-{Environment.ProcessId.ToString(CultureInfo.InvariantCulture)}-{StartOf(Environment.ProcessId)}-";
    private static readonly ConcurrentDictionary<string, bool> Cleaned = new(StringComparer.Ordinal);

    /// <summary>A file that is not there yet, hidden, in this folder.</summary>
    public static string NewFile(string folder)
    {
        Clean(folder, "." + Mark, Directory.EnumerateFiles, File.Delete);
        return Path.Combine(folder, $".{Mark}{Own}{Guid.NewGuid():N}.tmp");
    }

    /// <summary>A new folder below the system's temporary one.</summary>
    public static string NewFolder()
    {
        Clean(Path.GetTempPath(), Mark, Directory.EnumerateDirectories, path => Directory.Delete(path, recursive: true));
        return Directory.CreateTempSubdirectory(Mark + Own).FullName;
    }

    /// <summary>True for a name of a process of this machine that runs no more.</summary>
    /// <param name="name">Without the mark.</param>
    public static bool IsAbandoned(string name) =>
        name.Split('-') is [var machine, var process, var start, _] && machine == Machine
        && int.TryParse(process, NumberStyles.None, CultureInfo.InvariantCulture, out int id) && StartOf(id) != start;

    private static void Clean(string folder, string mark, Func<string, string, IEnumerable<string>> list, Action<string> delete)
    {
        if (!Cleaned.TryAdd(folder, true))
            return;
        try
        {
            foreach (string path in list(folder, mark + "*").Where(path => IsAbandoned(Path.GetFileName(path)[mark.Length..])))
                Try(() => delete(path));
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            // Whoever writes there will say it.
        }
    }

    private static void Try(Action delete)
    {
        try
        {
            delete();
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            // Another user's, or another process was faster.
        }
    }

    /// <summary>When a process began, in a form that no two processes of one number share; empty where none runs.</summary>
    private static string StartOf(int process)
    {
        try
        {
            if (OperatingSystem.IsLinux())
            {
                // The 22nd field; the second is a name in brackets, which may hold anything.
                string status = File.ReadAllText($"/proc/{process.ToString(CultureInfo.InvariantCulture)}/stat");
                return status[(status.LastIndexOf(')') + 2)..].Split(' ')[19];
            }
            using var running = Process.GetProcessById(process);
            return running.StartTime.ToUniversalTime().Ticks.ToString(CultureInfo.InvariantCulture);
        }
        catch (Exception e) when (
            e is IOException or UnauthorizedAccessException or ArgumentException or InvalidOperationException or System.ComponentModel.Win32Exception)
        {
            return "";
        }
    }

    /// <summary>Numbers of processes mean something on one machine, in a container on that alone.</summary>
    private static string MachineOf()
    {
        string name = Environment.MachineName;
        if (OperatingSystem.IsLinux())
            name += new FileInfo("/proc/self/ns/pid").LinkTarget;
        return Sha256.Of(Encoding.UTF8.GetBytes(name))[..8];
    }
}
