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
