using System.Runtime.InteropServices;

namespace Unpress.Imaging;

/// <summary>
/// The few functions of libvips and of the GLib inside it that NetVips does not offer: reading a strip into memory that is there already, and one
/// handler for all messages. The library is the one that NetVips has loaded.
/// </summary>
internal static unsafe partial class NativeVips
{
    private const string Library = "libvips";

    static NativeVips() => NativeLibrary.SetDllImportResolver(typeof(NativeVips).Assembly, (name, _, _) => name == Library ? Load() : 0);

    /// <summary>VipsRect.</summary>
    [StructLayout(LayoutKind.Sequential)]
    internal struct Rectangle
    {
        public int Left, Top, Width, Height;
    }

    private static nint Load() => NativeLibrary.Load(
        OperatingSystem.IsWindows() ? "libvips-42.dll" : OperatingSystem.IsMacOS() ? "libvips.42.dylib" : "libvips.so.42",
        typeof(NetVips.Image).Assembly, null);

    [LibraryImport(Library)]
    internal static partial nint vips_region_new(nint image);

    /// <summary>Attaches the region to the pixels of an image in memory.</summary>
    [LibraryImport(Library)]
    internal static partial int vips_region_image(nint region, Rectangle* area);

    /// <summary>Makes the pixels of an area, on this thread, in the memory of another region, where x, y is its upper left corner.</summary>
    [LibraryImport(Library)]
    internal static partial int vips_region_prepare_to(nint region, nint target, Rectangle* area, int x, int y);

    [LibraryImport(Library)]
    internal static partial void g_object_unref(nint thing);

    /// <summary>For what has no handler of its domain. The handler: domain, level, message, data.</summary>
    [LibraryImport(Library)]
    internal static partial nint g_log_set_default_handler(delegate* unmanaged[Cdecl]<byte*, int, byte*, void*, void> handler, void* data);

    [LibraryImport(Library)]
    internal static partial uint g_log_set_handler(
        byte* domain, int levels, delegate* unmanaged[Cdecl]<byte*, int, byte*, void*, void> handler, void* data);
}
