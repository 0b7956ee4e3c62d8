using System.Runtime.InteropServices;

namespace Unpress;

/// <summary>A rename that replaces nothing, whatever another process does at the same moment.</summary>
internal static partial class NativeRename
{
    private const int Here = -100, NoReplace = 1, Exists = 17;

    /// <returns>False where a file of that name is there; then nothing has changed.</returns>
    /// <exception cref="IOException">It cannot be renamed.</exception>
    public static bool IfFree(string from, string to)
    {
        if (OperatingSystem.IsLinux() && TryRename(from, to) is { } renamed)
            return renamed;
        if (!OperatingSystem.IsWindows() && TryLink(from, to) is { } linked)
            return linked;
        try
        {
            // Of Windows this is one step; elsewhere it is for disks that know neither of the above.
            File.Move(from, to, overwrite: false);
            return true;
        }
        catch (IOException) when (File.Exists(to))
        {
            return false;
        }
    }

    /// <summary>Null where the system or the disk does not know how.</summary>
    private static bool? TryRename(string from, string to)
    {
        try
        {
            if (renameat2(Here, from, Here, to, NoReplace) == 0)
                return true;
            return Marshal.GetLastPInvokeError() == Exists ? false : null;
        }
        catch (EntryPointNotFoundException)
        {
            return null; // an old C library
        }
    }

    private static bool? TryLink(string from, string to)
    {
        if (link(from, to) == 0)
        {
            File.Delete(from);
            return true;
        }
        return Marshal.GetLastPInvokeError() == Exists ? false : null;
    }

    [LibraryImport("libc", SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    private static partial int renameat2(int fromFolder, string from, int toFolder, string to, uint flags);

    [LibraryImport("libc", SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    private static partial int link(string from, string to);
}
