using System.Runtime.InteropServices;

namespace Unpress.Imaging.Tests.Jpeg;

/// <summary>libjpeg-turbo through the native picture library where that has been built: the twin of the codec in C#.</summary>
internal static unsafe partial class NativeJpeg
{
    private const string Library = "unpress_image";

    private static readonly nint Handle = NativeFolders.Load(Library);

    static NativeJpeg() => NativeLibrary.SetDllImportResolver(
        typeof(NativeJpeg).Assembly, (name, _, _) => name == Library ? Handle : 0);

    public static bool IsHere => Handle != 0 && NativeLibrary.TryGetExport(Handle, nameof(image_jpeg_encode_like), out _);

    public static byte[] Encode(ImageBuffer image, int quality, ChromaSubsampling subsampling)
    {
        byte* bytes;
        long length;
        fixed (byte* pixels = image.Data)
            Check(image_jpeg_encode(pixels, image.Width, image.Height, image.Bands, quality, (int)subsampling, &bytes, &length));
        return Take(bytes, length);
    }

    /// <param name="factors">Horizontal, vertical and table of each component.</param>
    /// <param name="tables">4 × 64 steps, natural order.</param>
    public static byte[] EncodeLike(ImageBuffer image, int[] factors, ushort[] tables)
    {
        byte* bytes;
        long length;
        fixed (byte* pixels = image.Data)
        fixed (int* f = factors)
        fixed (ushort* t = tables)
            Check(image_jpeg_encode_like(pixels, image.Width, image.Height, image.Bands, f, t, &bytes, &length));
        return Take(bytes, length);
    }

    /// <summary>Null where libjpeg-turbo refuses the bytes.</summary>
    public static byte[]? Decode(byte[] jpeg)
    {
        fixed (byte* input = jpeg)
        {
            int width, height, bands;
            if (image_jpeg_size(input, jpeg.Length, &width, &height, &bands) != 0)
                return null;
            byte[] pixels = new byte[width * height * bands];
            fixed (byte* target = pixels)
                return image_jpeg_decode(input, jpeg.Length, target, pixels.Length, 1) == 0 ? pixels : null;
        }
    }

    /// <summary>Null where libjpeg-turbo refuses the bytes.</summary>
    /// <param name="sizes">Numbers of values of the planes.</param>
    public static short[][]? Coefficients(byte[] jpeg, IEnumerable<int> sizes)
    {
        short[][] planes = [.. sizes.Select(size => GC.AllocateArray<short>(size, pinned: true))];
        short** pointers = stackalloc short*[planes.Length];
        long* lengths = stackalloc long[planes.Length];
        for (int i = 0; i < planes.Length; i++)
        {
            pointers[i] = (short*)Marshal.UnsafeAddrOfPinnedArrayElement(planes[i], 0);
            lengths[i] = planes[i].Length;
        }

        fixed (byte* input = jpeg)
            return image_jpeg_coefficients(input, jpeg.Length, pointers, lengths, planes.Length) == 0 ? planes : null;
    }

    private static byte[] Take(byte* bytes, long length)
    {
        byte[] copy = new ReadOnlySpan<byte>(bytes, (int)length).ToArray();
        Check(image_free(bytes));
        return copy;
    }

    private static void Check(int status) => Assert.Equal(0, status);

    [LibraryImport(Library)]
    private static partial int image_free(void* memory);

    [LibraryImport(Library)]
    private static partial int image_jpeg_encode(
        byte* pixels, int width, int height, int bands, int quality, int subsampling, byte** bytes, long* length);

    [LibraryImport(Library)]
    private static partial int image_jpeg_encode_like(
        byte* pixels, int width, int height, int bands, int* components, ushort* tables, byte** bytes, long* length);

    [LibraryImport(Library)]
    private static partial int image_jpeg_size(byte* bytes, long length, int* width, int* height, int* bands);

    [LibraryImport(Library)]
    private static partial int image_jpeg_decode(byte* bytes, long length, byte* pixels, long capacity, int orientation);

    [LibraryImport(Library)]
    private static partial int image_jpeg_coefficients(byte* bytes, long length, short** planes, long* sizes, int count);
}

/// <summary>A fact that compares with the native library; skipped where that has not been built.</summary>
[AttributeUsage(AttributeTargets.Method)]
public sealed class NativeJpegFactAttribute : FactAttribute
{
    public NativeJpegFactAttribute() => Skip = NativeJpeg.IsHere ? null! : "the native picture library has not been built here";
}
