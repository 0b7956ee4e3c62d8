using System.Numerics.Tensors;
using Unpress.Data;

namespace Unpress.Inference;

/// <summary>
/// How much of their surroundings tiles need. What lies at the edge of the receptive field hardly ever counts: with our plain U-Net, whose
/// receptive field is 124 pixels, cutting the picture off 64 pixels away changes no value by more than 0.02/255. So it is measured, on the picture
/// at hand: corners of tiles are computed with all they could see and with less.
/// </summary>
internal static class SeamProbe
{
    /// <summary>A tenth of one level of 8 bits; the promise is one level.</summary>
    private const double Tolerance = 0.1 / 255;

    /// <summary>The receptive field is tried in parts of this; one part more than what was enough is taken.</summary>
    private const int Parts = 8;

    /// <summary>Fewer parts are not tried: four places are not the whole picture.</summary>
    private const int FewestParts = 2;

    /// <summary>Pixels a side of what is compared.</summary>
    private const int Corner = 64;

    /// <summary>Pixels that tiles should see on each side, a multiple of <paramref name="multiple"/>, at most <paramref name="receptiveField"/>.</summary>
    /// <param name="receptiveField">Pixels a side that certainly are enough, a multiple of <paramref name="multiple"/>.</param>
    /// <param name="restore">The model on an area of the picture, [bands, H, W].</param>
    public static int Overlap(int receptiveField, int multiple, int width, int height, Func<PixelArea, Planes> restore)
    {
        int corner = RoundUp(Corner);
        int side = corner + receptiveField;
        if (receptiveField == 0 || width < side || height < side)
            return receptiveField;
        int enough = FewestParts;
        foreach (var (x, y) in Places())
        {
            using var full = restore(new PixelArea(x, y, side, side));
            while (Part(enough) < receptiveField && Difference(corner + Part(enough), full) > Tolerance)
                enough = Next(enough);

            double Difference(int seen, Planes all)
            {
                using var less = restore(new PixelArea(x, y, seen, seen));
                return LargestDifference(less, all, corner);
            }
        }

        return Part(enough + 1);

        int Part(int count) => Math.Min(receptiveField, RoundUp(count * receptiveField / Parts));

        // On a coarse grid several parts are as large as each other.
        int Next(int count) => Enumerable.Range(count + 1, Parts).First(next => next > Parts || Part(next) > Part(count));

        int RoundUp(int value) => (value + multiple - 1) / multiple * multiple;

        // Around the middles of the picture's quarters.
        IEnumerable<(int X, int Y)> Places()
        {
            foreach (int y in (int[])[height / 4, height * 3 / 4])
                foreach (int x in (int[])[width / 4, width * 3 / 4])
                    yield return (Start(x, width), Start(y, height));
        }

        int Start(int middle, int length) => Math.Clamp(middle - (side / 2), 0, length - side) / multiple * multiple;
    }

    /// <summary>Over the first rows and columns of both.</summary>
    private static float LargestDifference(Planes a, Planes b, int side)
    {
        float largest = 0;
        for (int band = 0; band < a.Bands; band++)
            for (int y = 0; y < side; y++)
                for (int x = 0; x < side; x++)
                    largest = Math.Max(largest, MathF.Abs(a.Row(band, y)[x] - b.Row(band, y)[x]));
        return largest;
    }
}

/// <summary>Tells whether what came out of a model can be a restored picture at all.</summary>
public static class TileGuard
{
    /// <summary>
    /// 1/8 of the range. The coarsest JPEG (QF 1) moves the mean of one block by at most 1/16, of a tile of many blocks far less:
    /// a network that moves it by more has gone wrong.
    /// </summary>
    private const double MaxMeanShift = 0.125;

    private const string NotFinite = "the network's output is not finite (NaN or infinity)";

    /// <summary>What no number can be given for: an output that is not finite. Null when it is.</summary>
    public static string? FaultOfNumbers(Planes output) => Summary.Of(output).IsFinite ? null : NotFinite;

    /// <summary>One phrase that says what is wrong; null when nothing is.</summary>
    public static string? Fault(Planes input, Planes output)
    {
        var (before, after) = (Summary.Of(input), Summary.Of(output));
        if (!after.IsFinite)
            return NotFinite;
        if (before.Highest > before.Lowest && after.Highest == after.Lowest)
            return "the network's output is one flat colour";
        double shift = after.Mean - before.Mean;
        return Math.Abs(shift) > MaxMeanShift
            ? FormattableString.Invariant($"the network moved the mean brightness by {shift * 100:+0;-0} %")
            : null;
    }

    private readonly record struct Summary(float Lowest, float Highest, double Mean)
    {
        // Both extremes are NaN where any value is.
        public bool IsFinite => float.IsFinite(Lowest) && float.IsFinite(Highest);

        public static Summary Of(Planes planes)
        {
            float lowest = float.PositiveInfinity, highest = float.NegativeInfinity;
            double sum = 0;
            for (int band = 0; band < planes.Bands; band++)
                for (int y = 0; y < planes.Height; y++)
                {
                    var row = planes.Row(band, y); // short enough for a sum of floats
                    lowest = MathF.Min(lowest, TensorPrimitives.Min<float>(row));
                    highest = MathF.Max(highest, TensorPrimitives.Max<float>(row));
                    sum += TensorPrimitives.Sum<float>(row);
                }
            return new Summary(lowest, highest, sum / ((double)planes.Bands * planes.Pixels));
        }
    }
}
