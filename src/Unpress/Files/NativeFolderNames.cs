using System.Runtime.InteropServices;

namespace Unpress.Files;

/// <summary>The names in a folder as the system has them: .NET turns bytes that are not UTF-8 into U+FFFD, by which no file is found.</summary>
internal static unsafe partial class NativeFolderNames
{
    /// <summary>Where the name lies in a dirent of Linux on processors of 64 bits.</summary>
    private const int NameAt = 19;

    /// <summary>In no order; none where they cannot be had.</summary>
    public static List<byte[]> In(string folder)
    {
        var names = new List<byte[]>();
        if (!OperatingSystem.IsLinux() || !Environment.Is64BitProcess)
            return names;
        nint stream = OpenFolder(folder);
        if (stream == 0)
            return names;
        try
        {
            while (ReadFolder(stream) is var entry && entry is not null)
                names.Add(MemoryMarshal.CreateReadOnlySpanFromNullTerminated(entry + NameAt).ToArray());
        }
        finally
        {
            _ = CloseFolder(stream);
        }

        return names;
    }

    [LibraryImport("libc", EntryPoint = "opendir", StringMarshalling = StringMarshalling.Utf8)]
    private static partial nint OpenFolder(string folder);

    [LibraryImport("libc", EntryPoint = "readdir")]
    private static partial byte* ReadFolder(nint stream);

    [LibraryImport("libc", EntryPoint = "closedir")]
    private static partial int CloseFolder(nint stream);
}
