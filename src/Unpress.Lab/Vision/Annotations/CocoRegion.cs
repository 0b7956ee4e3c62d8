using System.Globalization;
using System.Text.Json;

namespace Unpress.Vision.Annotations;

/// <summary>Where something is: COCO's key <c>segmentation</c>. Pixels are told column by column.</summary>
internal abstract record CocoRegion
{
    /// <summary>Sides of a picture that a polygon may reach.</summary>
    private const int Outside = 10;

    /// <summary>Polygons are a list of lists, run lengths an object with counts as numbers or as text.</summary>
    /// <exception cref="InvalidDataException">Neither, or far outside, or of a picture of another size.</exception>
    public static CocoRegion Read(JsonElement segmentation, int width, int height)
    {
        if (segmentation.ValueKind == JsonValueKind.Array)
            return new CocoPolygons([.. segmentation.EnumerateArray().Select(polygon => Corners(polygon, width, height))]);
        var size = segmentation.GetProperty("size");
        if (size[0].GetInt32() != height || size[1].GetInt32() != width)
            throw new InvalidDataException($"run lengths of {size[1]}x{size[0]} in a picture of {width}x{height}");
        var counts = segmentation.GetProperty("counts");
        return CocoRuns.Of(
            counts.ValueKind == JsonValueKind.String ? CocoRuns.Unpack(counts.GetString()!) : [.. counts.EnumerateArray().Select(one => one.GetInt64())],
            (long)width * height);
    }

    /// <returns>width·height, column after column.</returns>
    public abstract bool[] Pixels(int width, int height);

    private static double[] Corners(JsonElement polygon, int width, int height)
    {
        double[] values = [.. polygon.EnumerateArray().Select(one => one.GetDouble())];
        if (values.Length < 6 || values.Length % 2 != 0)
            throw new InvalidDataException($"a polygon of {values.Length} numbers: it needs x and y of three corners or more");
        // Edges are followed step by step, also outside of the picture, where those of cut pictures may go on for a while.
        double far = Outside * Math.Max(width, height);
        return Array.TrueForAll(values, value => Math.Abs(value) <= far)
            ? values
            : throw new InvalidDataException(string.Create(
                CultureInfo.InvariantCulture, $"a polygon with a corner at {values.First(value => !(Math.Abs(value) <= far)):G6}, far outside of {width}x{height}"));
    }
}

/// <summary>Run lengths, in turn outside and inside, from outside on.</summary>
internal sealed record CocoRuns(IReadOnlyList<long> Counts) : CocoRegion
{
    /// <exception cref="InvalidDataException">They are not of that many pixels.</exception>
    public static CocoRuns Of(IReadOnlyList<long> counts, long pixels) =>
        counts.All(count => count >= 0 && count <= pixels) && counts.Sum() == pixels
            ? new CocoRuns(counts)
            : throw new InvalidDataException($"run lengths do not fill a picture of {pixels} pixels");

    /// <summary>
    /// COCO's text form: a character, less 48, is five bits of a number, the lowest first, and 32 where more follow; the highest bit of the last
    /// five is the sign. From the fourth number on it is the difference to the last but one.
    /// </summary>
    /// <exception cref="InvalidDataException">It ends within a number, or has other characters.</exception>
    public static IReadOnlyList<long> Unpack(string text)
    {
        const int First = 48, Bits = 5, More = 32, Sign = 16, Longest = 60;
        var counts = new List<long>();
        long value = 0;
        int shift = 0;
        foreach (char letter in text)
        {
            int part = letter - First;
            if (part is < 0 or >= 2 * More || shift > Longest - Bits)
                throw new InvalidDataException($"'{letter}' does not belong into packed run lengths");
            value |= (long)(part & (More - 1)) << shift;
            shift += Bits;
            if ((part & More) != 0)
                continue;
            if ((part & Sign) != 0)
                value -= 1L << shift;
            counts.Add(value + (counts.Count > 2 ? counts[^2] : 0));
            (value, shift) = (0, 0);
        }

        return shift == 0 ? counts : throw new InvalidDataException("packed run lengths end within a number");
    }

    public override bool[] Pixels(int width, int height)
    {
        var pixels = new bool[width * height];
        int place = 0;
        for (int i = 0; i < Counts.Count; place += (int)Counts[i++])
            Array.Fill(pixels, i % 2 == 1, place, (int)Counts[i]);
        return pixels;
    }
}

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
