using System.Runtime.InteropServices;

namespace Unpress.Imaging.Codecs;

/// <summary>Asks a library that the native picture library has loaded for its version.</summary>
internal static unsafe class LibraryVersion
{
    /// <summary>What a <c>const char *function(void)</c> returns; "of unknown version" where this system calls the library otherwise.</summary>
    public static string Text(string library, string function) =>
        Find(library, function) is var address and not 0
            ? Marshal.PtrToStringUTF8((nint)((delegate* unmanaged<byte*>)address)()) ?? Unknown
            : Unknown;

    /// <summary>What an <c>int function(void)</c> returns, as libwebp writes versions: 0x010204 is 1.2.4.</summary>
    public static string Packed(string library, string function)
    {
        if (Find(library, function) is not (var address and not 0))
            return Unknown;
        int version = ((delegate* unmanaged<int>)address)();
        return $"{version >> 16}.{(version >> 8) & 0xff}.{version & 0xff}";
    }

    private const string Unknown = "of unknown version";

    // Loaded before by the picture library, so this only finds it again; it stays loaded.
    private static nint Find(string library, string function) =>
        NativeLibrary.TryLoad(library, out nint handle) && NativeLibrary.TryGetExport(handle, function, out nint address) ? address : 0;
}
