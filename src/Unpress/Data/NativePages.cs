using System.Runtime.InteropServices;

namespace Unpress.Data;

/// <summary>
/// Memory for planes. Large blocks are mapped one by one, so that freeing one gives its pages back to the system: glibc raises its own limit for that to
/// 32 MB as soon as such a block is freed, keeps the next ones in the arena of the thread that asked, and a server runs on many threads.
/// </summary>
internal static unsafe partial class NativePages
{
    private const nuint Large = 1 << 20, Alignment = 64;
    private const int ReadWrite = 1 | 2, PrivateAnonymous = 0x02 | 0x20; // of Linux, on every architecture that .NET runs on

    /// <summary>Aligned for vectors; what is in it is not defined.</summary>
    /// <exception cref="OutOfMemoryException">There is not so much.</exception>
    public static void* Take(nuint bytes)
    {
        if (!IsMapped(bytes))
            return NativeMemory.AlignedAlloc(bytes, Alignment);
        void* start = mmap(null, bytes, ReadWrite, PrivateAnonymous, -1, 0);
        return (nint)start == -1 ? throw new InsufficientMemoryException($"no memory for a block of {bytes >> 20} MB") : start;
    }

    /// <param name="bytes">As they were asked for.</param>
    public static void GiveBack(void* start, nuint bytes)
    {
        if (start == null)
            return;
        if (IsMapped(bytes))
            _ = munmap(start, bytes);
        else
            NativeMemory.AlignedFree(start);
    }

    private static bool IsMapped(nuint bytes) => bytes >= Large && OperatingSystem.IsLinux();

    [LibraryImport("libc")] private static partial void* mmap(void* address, nuint length, int protection, int flags, int descriptor, nint offset);
    [LibraryImport("libc")] private static partial int munmap(void* address, nuint length);
}
