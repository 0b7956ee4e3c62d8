namespace Unpress.Vision;

/// <summary>
/// Planes brought to another size as detectors and segmenters are trained with: bilinear, the outer edges of both sizes on each other, without a filter
/// against aliasing (align_corners = false of libtorch's <c>interpolate</c>, INTER_LINEAR of OpenCV).
/// </summary>
internal static class Bilinear
{
    /// <param name="planes">[planes, height, width].</param>
    /// <returns>[planes, newHeight, newWidth].</returns>
    public static float[] Resize(ReadOnlySpan<float> planes, (int Height, int Width) size, (int Height, int Width) wanted)
    {
        int count = planes.Length / (size.Height * size.Width);
        var resized = new float[count * wanted.Height * wanted.Width];
        var rows = Places(size.Height, wanted.Height);
        var columns = Places(size.Width, wanted.Width);
        for (int plane = 0; plane < count; plane++)
        {
            var from = planes.Slice(plane * size.Height * size.Width, size.Height * size.Width);
            var to = resized.AsSpan(plane * wanted.Height * wanted.Width, wanted.Height * wanted.Width);
            for (int y = 0; y < wanted.Height; y++)
            {
                var (above, below, down) = rows[y];
                var upper = from.Slice(above * size.Width, size.Width);
                var lower = from.Slice(below * size.Width, size.Width);
                var row = to.Slice(y * wanted.Width, wanted.Width);
                for (int x = 0; x < row.Length; x++)
                {
                    var (left, right, across) = columns[x];
                    float top = upper[left] + (across * (upper[right] - upper[left]));
                    float bottom = lower[left] + (across * (lower[right] - lower[left]));
                    row[x] = top + (down * (bottom - top));
                }
            }
        }

        return resized;
    }

    /// <summary>For each new place the two old ones it lies between, and how near it is to the second.</summary>
    private static (int First, int Second, float Share)[] Places(int size, int wanted)
    {
        var places = new (int, int, float)[wanted];
        float scale = (float)size / wanted;
        for (int k = 0; k < wanted; k++)
        {
            float place = Math.Max(0, ((k + 0.5f) * scale) - 0.5f);
            int first = Math.Min((int)place, size - 1);
            places[k] = (first, Math.Min(first + 1, size - 1), place - first);
        }

        return places;
    }
}
