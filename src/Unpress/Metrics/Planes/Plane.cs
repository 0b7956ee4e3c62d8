namespace Unpress.Metrics;

/// <summary>
/// One number per pixel, H×W, on the scale 0..255, produced a row at a time: a metric never holds a whole picture in
/// double precision.
/// </summary>
internal abstract class Plane(int width, int height)
{
    public int Width { get; } = width;

    public int Height { get; } = height;

    /// <summary>Writes row <paramref name="y"/> into the first <see cref="Width"/> places of <paramref name="row"/>.</summary>
    public abstract void ReadRow(int y, Span<double> row);
}
