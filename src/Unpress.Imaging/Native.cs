using System.Reflection;
using System.Runtime.InteropServices;

namespace Unpress.Imaging;

/// <summary>native/image_bridge.h, name for name: the only door to libjpeg and libvips.</summary>
internal static unsafe partial class Native
{
    internal const string Library = "unpress_image";

    static Native() => NativeLibrary.SetDllImportResolver(typeof(Native).Assembly, Resolve);

    /// <summary>Throws <see cref="NativeImageException"/> with the bridge's own words when a call has failed.</summary>
    internal static void Check(int status)
    {
        if (status != 0)
            throw new NativeImageException(LastError());
    }

    internal static string LastError()
    {
        byte* text;
        _ = image_last_error(&text);
        return Text(text);
    }

    internal static string Text(byte* utf8) => Marshal.PtrToStringUTF8((nint)utf8) ?? "";

    /// <summary>Copies what the bridge allocated and frees it.</summary>
    internal static byte[] Take(byte* bytes, long length)
    {
        try
        {
            return new ReadOnlySpan<byte>(bytes, checked((int)length)).ToArray();
        }
        finally
        {
            _ = image_free(bytes);
        }
    }

    [LibraryImport(Library)]
    internal static partial int image_last_error(byte** text);

    [LibraryImport(Library)]
    internal static partial int image_free(void* memory);

    [LibraryImport(Library)]
    internal static partial int image_jpeg_version(byte** text);

    [LibraryImport(Library)]
    internal static partial int image_jpeg_encode(
        byte* pixels, int width, int height, int bands, int quality, int subsampling, byte** bytes, long* length);

    [LibraryImport(Library)]
    internal static partial int image_jpeg_encode_like(
        byte* pixels, int width, int height, int bands, int* components, ushort* tables, byte** bytes, long* length);

    [LibraryImport(Library)]
    internal static partial int image_jpeg_size(byte* bytes, long length, int* width, int* height, int* bands);

    [LibraryImport(Library)]
    internal static partial int image_jpeg_decode(byte* bytes, long length, byte* pixels, long capacity, int orientation);

    [LibraryImport(Library)]
    internal static partial int image_jpeg_roundtrip(
        byte* pixels, int width, int height, int bands, int quality, int subsampling, byte* output, long* length);

    [LibraryImport(Library)]
    internal static partial int image_jpeg_coefficients(byte* bytes, long length, short** planes, long* sizes, int count);

    private static nint Resolve(string name, Assembly assembly, DllImportSearchPath? search) =>
        name == NativeVips.Library ? NativeVips.Load() : name == Library ? NativeFolders.Load(Library) : 0;
}
