using System.Runtime.CompilerServices;

namespace Unpress.Imaging.Jpeg;

/// <summary>
/// The quantised DCT coefficients of a JPEG, exactly as stored: multiply by <see cref="JpegAnatomy.Tables"/> for the values
/// before the inverse DCT.
/// </summary>
public sealed unsafe class JpegCoefficients
{
    private JpegCoefficients(JpegAnatomy anatomy, short[][] planes) => (Anatomy, Planes) = (anatomy, planes);

    public JpegAnatomy Anatomy { get; }

    /// <summary>One array a component: BlocksHigh × BlocksWide × 64, the 64 in natural (row-major) order, DC first.</summary>
    public IReadOnlyList<short[]> Planes { get; }

    /// <summary>The 64 coefficients of one block.</summary>
    public ReadOnlySpan<short> Block(int component, int x, int y) =>
        Planes[component].AsSpan(((y * Anatomy.Components[component].BlocksWide) + x) * 64, 64);

    /// <exception cref="InvalidFileException">Not a readable JPEG, damaged, truncated, or over the limits.</exception>
    public static JpegCoefficients Read(string path, ImageLimits? limits = null) => Read(FileBytes.Read(path), path, limits);

    /// <param name="name">What error messages call the picture.</param>
    /// <exception cref="InvalidFileException">Not a readable JPEG, damaged, truncated, or over the limits.</exception>
    public static JpegCoefficients Read(ReadOnlySpan<byte> bytes, string name, ImageLimits? limits = null)
    {
        JpegAnatomy anatomy = JpegAnatomy.Read(bytes, name, limits);
        if (anatomy.Components.Count > 4)
            throw new InvalidFileException(name, $"a JPEG with {anatomy.Components.Count} planes");
        // Pinned, because the bridge fills all planes in one pass over the file.
        short[][] planes = [.. anatomy.Components.Select(
            c => GC.AllocateArray<short>(checked(c.BlocksWide * c.BlocksHigh * 64), pinned: true))];
        short** pointers = stackalloc short*[planes.Length];
        long* sizes = stackalloc long[planes.Length];
        for (int i = 0; i < planes.Length; i++)
        {
            pointers[i] = (short*)Unsafe.AsPointer(ref planes[i][0]);
            sizes[i] = planes[i].LongLength;
        }
        fixed (byte* input = bytes)
        {
            if (Native.image_jpeg_coefficients(input, bytes.Length, pointers, sizes, planes.Length) != 0)
                throw new InvalidFileException(name, Native.LastError());
        }
        return new JpegCoefficients(anatomy, planes);
    }
}
