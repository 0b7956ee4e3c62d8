using System.Runtime.InteropServices;

namespace Unpress.Files;

/// <summary>The end of the process at once.</summary>
public static partial class NativeExit
{
    /// <summary>An ordinary exit runs the destructors of native engines, and a thread that still computes then crashes.</summary>
    public static void Quit(int code)
    {
        if (OperatingSystem.IsWindows())
            _ = TerminateProcess(GetCurrentProcess(), (uint)code);
        else
            _exit(code);
    }

    [LibraryImport("libc")] private static partial void _exit(int code);
    [LibraryImport("kernel32")] private static partial nint GetCurrentProcess();
    [LibraryImport("kernel32")] private static partial int TerminateProcess(nint process, uint code);
}
