using System.Runtime.InteropServices;
using Unpress.Imaging;

namespace Unpress.Bench;

/// <summary>libjpeg-turbo through the native picture library, where that has been built: the codec in C# is measured against it.</summary>
internal static unsafe partial class NativeJpeg
{
    private const string Library = "unpress_image";

    private static readonly nint Handle = NativeFolders.Load(Library);

    static NativeJpeg() => NativeLibrary.SetDllImportResolver(
        typeof(NativeJpeg).Assembly, (name, _, _) => name == Library ? Handle : 0);

    public static bool IsHere => Handle != 0 && NativeLibrary.TryGetExport(Handle, nameof(image_jpeg_roundtrip), out _);

    public static void RoundTrip(byte[] pixels, int side, int quality, byte[] output)
    {
        long length;
        fixed (byte* from = pixels, to = output)
            Check(image_jpeg_roundtrip(from, side, side, 3, quality, 0, to, &length));
    }

    public static void Encode(byte[] pixels, int width, int height, int quality)
    {
        byte* bytes;
        long length;
        fixed (byte* from = pixels)
            Check(image_jpeg_encode(from, width, height, 3, quality, 0, &bytes, &length));
        Check(image_free(bytes));
    }

    public static void Coefficients(byte[] jpeg, short[][] planes)
    {
        short** pointers = stackalloc short*[planes.Length];
        long* sizes = stackalloc long[planes.Length];
        for (int i = 0; i < planes.Length; i++)
        {
            pointers[i] = (short*)Marshal.UnsafeAddrOfPinnedArrayElement(planes[i], 0);
            sizes[i] = planes[i].Length;
        }

        fixed (byte* from = jpeg)
            Check(image_jpeg_coefficients(from, jpeg.Length, pointers, sizes, planes.Length));
    }

    public static void Decode(byte[] jpeg, byte[] pixels)
    {
        fixed (byte* from = jpeg, to = pixels)
            Check(image_jpeg_decode(from, jpeg.Length, to, pixels.Length, 1));
    }

    private static void Check(int status)
    {
        if (status != 0)
            throw new InvalidOperationException("libjpeg-turbo refused");
    }

    [LibraryImport(Library)]
    private static partial int image_free(void* memory);

    [LibraryImport(Library)]
    private static partial int image_jpeg_encode(
        byte* pixels, int width, int height, int bands, int quality, int subsampling, byte** bytes, long* length);

    [LibraryImport(Library)]
    private static partial int image_jpeg_roundtrip(
        byte* pixels, int width, int height, int bands, int quality, int subsampling, byte* output, long* length);

    [LibraryImport(Library)]
    private static partial int image_jpeg_decode(byte* bytes, long length, byte* pixels, long capacity, int orientation);

    [LibraryImport(Library)]
    private static partial int image_jpeg_coefficients(byte* bytes, long length, short** planes, long* sizes, int count);
}
