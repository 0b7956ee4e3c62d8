using System.Text.Json;

namespace Unpress.Vision.Annotations;

/// <summary>Where something is: COCO's key <c>segmentation</c>. Pixels are told column by column.</summary>
internal abstract record CocoRegion
{
    /// <summary>Polygons are a list of lists, run lengths an object with counts as numbers or as text.</summary>
    /// <exception cref="InvalidDataException">Neither, or of a picture of another size.</exception>
    public static CocoRegion Read(JsonElement segmentation, int width, int height)
    {
        if (segmentation.ValueKind == JsonValueKind.Array)
            return new CocoPolygons([.. segmentation.EnumerateArray().Select(Corners)]);
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

    private static double[] Corners(JsonElement polygon)
    {
        double[] values = [.. polygon.EnumerateArray().Select(one => one.GetDouble())];
        return values.Length >= 6 && values.Length % 2 == 0
            ? values
            : throw new InvalidDataException($"a polygon of {values.Length} numbers: it needs x and y of three corners or more");
    }
}
