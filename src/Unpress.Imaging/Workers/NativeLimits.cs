using System.Runtime.InteropServices;
using Microsoft.Win32.SafeHandles;

namespace Unpress.Imaging.Workers;

/// <summary>What a worker does to itself before it touches a file of others.</summary>
internal static partial class NativeLimits
{
    private const int AddressSpace = 9, Core = 4; // of Linux, on every architecture

    private struct Limit
    {
        public ulong Soft, Hard;
    }

    /// <summary>The address space may grow by so many bytes from here; no core is dumped. Nothing where there is no such limit.</summary>
    public static void Apply(long bytes)
    {
        if (!OperatingSystem.IsLinux())
            return;
        long pages = long.Parse(File.ReadAllText("/proc/self/statm").Split(' ')[0], System.Globalization.CultureInfo.InvariantCulture);
        ulong most = (ulong)((pages * Environment.SystemPageSize) + bytes);
        _ = setrlimit(AddressSpace, new Limit { Soft = most, Hard = most });
        _ = setrlimit(Core, default);
    }

    /// <summary>Standard output for us alone: what libraries print to it goes to standard error.</summary>
    public static Stream TakeOutput()
    {
        if (OperatingSystem.IsWindows())
            return Console.OpenStandardOutput();
        int own = dup(1);
        _ = dup2(2, 1);
        return new FileStream(new SafeFileHandle(own, ownsHandle: true), FileAccess.Write, bufferSize: 0);
    }

    /// <summary>The end at once, whatever other threads are at.</summary>
    public static void Quit()
    {
        if (!OperatingSystem.IsWindows())
            _exit(0);
        Environment.Exit(0);
    }

    [LibraryImport("libc")] private static partial int setrlimit(int resource, in Limit limit);
    [LibraryImport("libc")] private static partial int dup(int descriptor);
    [LibraryImport("libc")] private static partial int dup2(int from, int to);
    [LibraryImport("libc")] private static partial void _exit(int code);
}
