namespace Unpress.Torch.Weights;

/// <summary>Brings a view with any strides into row-major order.</summary>
internal static class StridedCopy
{
    public static bool IsContiguous(ReadOnlySpan<long> shape, ReadOnlySpan<long> strides)
    {
        long expected = 1;
        for (int i = shape.Length - 1; i >= 0; i--)
        {
            if (shape[i] != 1 && strides[i] != expected) return false;
            expected *= shape[i];
        }
        return true;
    }

    /// <param name="source">Bytes from the view's first element on; the caller has checked that the view stays inside.</param>
    /// <param name="elementSize">Bytes of one element.</param>
    /// <param name="shape">Sizes, none of them zero.</param>
    /// <param name="strides">Steps in elements, not negative.</param>
    public static byte[] ToContiguous(ReadOnlySpan<byte> source, int elementSize, ReadOnlySpan<long> shape, ReadOnlySpan<long> strides)
    {
        long count = 1;
        foreach (long size in shape) count *= size;
        byte[] result = new byte[count * elementSize];
        Span<long> index = new long[shape.Length];
        long from = 0;
        for (int to = 0; to < result.Length; to += elementSize)
        {
            source.Slice((int)from, elementSize).CopyTo(result.AsSpan(to));
            for (int axis = shape.Length - 1; axis >= 0; axis--)
            {
                from += strides[axis] * elementSize;
                if (++index[axis] < shape[axis]) break;
                from -= strides[axis] * elementSize * shape[axis];
                index[axis] = 0;
            }
        }
        return result;
    }
}
