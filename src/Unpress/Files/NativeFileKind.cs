using System.Runtime.InteropServices;

namespace Unpress.Files;

/// <summary>What a path leads to, where that is no ordinary file: .NET does not tell pipes and devices from files.</summary>
internal static unsafe partial class NativeFileKind
{
    // statx(2) of Linux: the mode lies at byte 28 of the 256 that it fills, on every architecture.
    private const int Here = -100, Size = 256, ModeAt = 28;
    private const uint Type = 1;
    private const int KindMask = 0xF000, Pipe = 0x1000, File = 0x8000, Socket = 0xC000;

    /// <summary>A pipe, named or not, or a socket: can be read once, from the beginning to the end.</summary>
    public static bool IsPipe(string path) => Kind(path) is Pipe or Socket;

    /// <summary>False for pipes, devices and sockets; true where that cannot be found out.</summary>
    public static bool IsOrdinary(string path) => Kind(path) is File or 0;

    private static int Kind(string path)
    {
        if (!OperatingSystem.IsLinux())
            return 0;
        byte* status = stackalloc byte[Size];
        try
        {
            return Statx(Here, path, 0, Type, status) == 0 ? *(ushort*)(status + ModeAt) & KindMask : 0;
        }
        catch (EntryPointNotFoundException)
        {
            return 0; // an old C library
        }
    }

    [LibraryImport("libc", EntryPoint = "statx", StringMarshalling = StringMarshalling.Utf8)]
    private static partial int Statx(int folder, string path, int flags, uint mask, byte* status);
}
