namespace Unpress.Metrics;

/// <summary>A plane in memory, H×W in row-major order.</summary>
internal sealed class Raster(int width, int height, double[] values)
{
    public Raster(int width, int height)
        : this(width, height, new double[width * height])
    {
    }

    public int Width => width;

    public int Height => height;

    public double[] Values => values;

    public Span<double> Row(int y) => values.AsSpan(y * width, width);

    public static Raster Of(Plane plane) => TopLeft(plane, plane.Width, plane.Height);

    /// <summary>The top-left part of a plane.</summary>
    public static Raster TopLeft(Plane plane, int width, int height) => Part(plane, 0, width, height);

    /// <summary>A plane without its border.</summary>
    public static Raster Inner(Plane plane, int border) => Part(plane, border, plane.Width - (2 * border), plane.Height - (2 * border));

    private static Raster Part(Plane plane, int start, int width, int height)
    {
        var raster = new Raster(width, height);
        var row = new double[plane.Width];
        for (int y = 0; y < height; y++)
        {
            plane.ReadRow(start + y, row);
            row.AsSpan(start, width).CopyTo(raster.Row(y));
        }

        return raster;
    }
}
