namespace Unpress.Networks.Export;

/// <summary>Memory of a run as a straight line: so much for each pixel, and so much besides.</summary>
public static class MemoryLine
{
    private const int Small = 128, Middle = 256, Largest = 1024, Step = 64;

    /// <summary>What the largest picture that is tried may take, about.</summary>
    private const double Most = 1L << 30;

    /// <param name="measure">Bytes of a run on side × side pixels.</param>
    /// <returns>A line that no measured run lies above; its slope is that between the two largest.</returns>
    public static (double PerPixel, long Fixed) Of(Func<int, long> measure)
    {
        var runs = new List<(double Pixels, long Bytes)> { Run(Small), Run(Middle) };
        double slope = Slope(runs[0], runs[1]);
        int side = (int)Math.Min(Largest, Math.Sqrt(Most / slope)) / Step * Step;
        if (side > Middle)
        {
            runs.Add(Run(side));
            slope = Slope(runs[1], runs[2]);
        }

        return (Math.Round(slope), (long)Math.Ceiling(runs.Max(run => Math.Max(0, run.Bytes - (Math.Round(slope) * run.Pixels)))));

        (double Pixels, long Bytes) Run(int size) => ((double)size * size, measure(size));
    }

    // A run that takes nothing measurable is taken to hold its picture once.
    private static double Slope((double Pixels, long Bytes) small, (double Pixels, long Bytes) large)
        => Math.Max(sizeof(float), (large.Bytes - small.Bytes) / (large.Pixels - small.Pixels));
}
