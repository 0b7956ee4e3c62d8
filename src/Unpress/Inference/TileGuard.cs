using System.Numerics.Tensors;
using Unpress.Data;

namespace Unpress.Inference;

/// <summary>Tells whether what came out of a model can be a restored picture at all.</summary>
public static class TileGuard
{
    /// <summary>
    /// 1/8 of the range. The coarsest JPEG (QF 1) moves the mean of one block by at most 1/16, of a tile of many blocks far less:
    /// a network that moves it by more has gone wrong.
    /// </summary>
    private const double MaxMeanShift = 0.125;

    /// <summary>One phrase that says what is wrong; null when nothing is.</summary>
    public static string? Fault(Planes input, Planes output)
    {
        var (before, after) = (Summary.Of(input), Summary.Of(output));
        if (!after.IsFinite)
            return "the network's output is not finite (NaN or infinity)";
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
