namespace Unpress.Metrics;

/// <summary>A plane kept in memory: a level of a pyramid.</summary>
internal sealed class StoredPlane(int width, int height, double[] values) : Plane(width, height)
{
    public override void ReadRow(int y, Span<double> row) => values.AsSpan(y * Width, Width).CopyTo(row);

    /// <summary>
    /// Means of 2×2 pixels, ⌈H/2⌉×⌈W/2⌉. An odd last row or column is mirrored, as MATLAB's 'symmetric' filtering
    /// followed by decimation does.
    /// </summary>
    public static StoredPlane Halve(Plane source)
    {
        int width = (source.Width + 1) / 2, height = (source.Height + 1) / 2;
        var values = new double[width * height];
        var upper = new double[source.Width];
        var lower = new double[source.Width];
        for (int y = 0; y < height; y++)
        {
            source.ReadRow(2 * y, upper);
            source.ReadRow(Math.Min((2 * y) + 1, source.Height - 1), lower);
            for (int x = 0; x < width; x++)
            {
                int left = 2 * x, right = Math.Min(left + 1, source.Width - 1);
                values[(y * width) + x] = (upper[left] + upper[right] + lower[left] + lower[right]) / 4;
            }
        }
        return new StoredPlane(width, height, values);
    }
}
