using System.ComponentModel;
using System.Diagnostics;
using System.Globalization;
using System.Text;

namespace Unpress.Imaging.Processes;

/// <summary>
/// What a program has started and left behind, which no list of children names any more: it is known by a variable of the environment that it has
/// inherited. On Linux; elsewhere nothing is found.
/// </summary>
internal static class Orphans
{
    public const string Variable = "UNPRESS_CHILD";

    /// <summary>Ends all processes that have the mark.</summary>
    public static void Kill(string mark)
    {
        if (!OperatingSystem.IsLinux())
            return;
        byte[] wanted = Encoding.ASCII.GetBytes($"{Variable}={mark}");
        foreach (string folder in Directory.EnumerateDirectories("/proc"))
        {
            if (!int.TryParse(Path.GetFileName(folder), NumberStyles.None, CultureInfo.InvariantCulture, out int id))
                continue;
            try
            {
                if (File.ReadAllBytes(Path.Combine(folder, "environ")).AsSpan().IndexOf(wanted) < 0)
                    continue;
                using var process = Process.GetProcessById(id);
                process.Kill();
            }
            catch (Exception e) when (e is IOException or UnauthorizedAccessException or ArgumentException or InvalidOperationException or Win32Exception)
            {
                // Another user's, or gone in between.
            }
        }
    }
}
