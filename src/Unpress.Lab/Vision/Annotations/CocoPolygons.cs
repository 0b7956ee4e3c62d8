namespace Unpress.Vision.Annotations;

/// <summary>
/// The inside of any of some polygons, by the convention of COCO's own tools: corners are rounded to fifths of a pixel, edges are drawn in that
/// grid, and a column changes between outside and inside where an edge passes its middle.
/// </summary>
/// <param name="Corners">x and y in turn, edges between pixels: the whole of a picture is (0, 0) to (width, height).</param>
internal sealed record CocoPolygons(IReadOnlyList<double[]> Corners) : CocoRegion
{
    private const int Scale = 5;

    public override bool[] Pixels(int width, int height)
    {
        var pixels = new bool[width * height];
        foreach (double[] polygon in Corners)
        {
            bool[] changes = Changes(polygon, width, height);
            bool inside = false;
            for (int i = 0; i < pixels.Length; i++)
            {
                inside ^= changes[i];
                pixels[i] |= inside;
            }
        }

        return pixels;
    }

    /// <summary>Where outside and inside change, column after column.</summary>
    private static bool[] Changes(double[] polygon, int width, int height)
    {
        // One more: a change at the bottom of the last column.
        var changes = new bool[(width * height) + 1];
        (int X, int Y)? before = null;
        foreach (var point in Outline(polygon))
        {
            if (before is { } last && last.X != point.X)
            {
                // Columns of fifths are between two points; the third of each five is the middle of a pixel.
                int fifth = Math.Min(last.X, point.X);
                if (fifth >= 0 && fifth % Scale == Scale / 2 && fifth / Scale < width)
                {
                    double row = ((Math.Min(last.Y, point.Y) + 0.5) / Scale) - 0.5;
                    changes[(fifth / Scale * height) + (int)Math.Ceiling(Math.Clamp(row, 0, height))] ^= true;
                }
            }

            before = point;
        }

        return changes;
    }

    /// <summary>All points of the edges in the grid of fifths, each next to the one before.</summary>
    private static IEnumerable<(int X, int Y)> Outline(double[] polygon)
    {
        int count = polygon.Length / 2;
        (int X, int Y) Corner(int i) => ((int)((Scale * polygon[2 * (i % count)]) + 0.5), (int)((Scale * polygon[(2 * (i % count)) + 1]) + 0.5));
        for (int i = 0; i < count; i++)
        {
            var (from, to) = (Corner(i), Corner(i + 1));
            int across = Math.Abs(to.X - from.X), down = Math.Abs(to.Y - from.Y), steps = Math.Max(across, down);
            // An edge is drawn from its left, or upper, end whichever way it is told, so that neighbours share it.
            bool turned = across >= down ? from.X > to.X : from.Y > to.Y;
            var (start, end) = turned ? (to, from) : (from, to);
            double slope = steps == 0 ? 0 : across >= down ? (double)(end.Y - start.Y) / across : (double)(end.X - start.X) / down;
            for (int step = 0; step <= steps; step++)
            {
                int t = turned ? steps - step : step;
                yield return across >= down
                    ? (start.X + t, (int)(start.Y + (slope * t) + 0.5))
                    : ((int)(start.X + (slope * t) + 0.5), start.Y + t);
            }
        }
    }
}
