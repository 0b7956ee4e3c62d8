using Unpress.Data;
using Unpress.Inference;
using Unpress.Onnx;

namespace Unpress.Models;

/// <summary>
/// How many pixels a model can take at once: by what its file says that a run takes, or where it does not say, by what two small runs take, seen
/// from outside the process.
/// </summary>
internal sealed class OnnxMemory(OnnxModel model)
{
    /// <summary>More than any model here takes: what fits by these needs no measurement.</summary>
    private const double MostFixed = 256 << 20, MostPerPixel = 16384;

    private const double LeastPerPixel = 128;
    private const double Safety = 1.2;
    private const int Small = 64, Large = 384;

    private (double Fixed, double PerPixel)? _line;

    /// <returns>1..<paramref name="wanted"/>.</returns>
    public long PixelsIn(long free, long wanted, double besides)
    {
        if (MostFixed + (wanted * (MostPerPixel + besides)) <= free)
            return wanted;
        var (@fixed, perPixel) = _line ??= model.Facts is { BytesPerPixel: { } told, FixedBytes: { } toldFixed } ? (toldFixed, told) : Measure(model);
        return (long)Math.Clamp((free - @fixed) / (perPixel + besides), 1, wanted);
    }

    /// <summary>Bytes that a run takes, whatever the size and for each pixel, with a margin.</summary>
    public static (double Fixed, double PerPixel) Measure(IModel model)
    {
        Peak(model, Small); // sessions and threads are there
        long small = Peak(model, Small), large = Peak(model, Large);
        double perPixel = Math.Max(LeastPerPixel, (large - small) / (double)((Large * Large) - (Small * Small)));
        return (Safety * Math.Max(0, large - (perPixel * Large * Large)), Safety * perPixel);
    }

    /// <summary>The most that the process grows by during a run that finds nothing kept from another.</summary>
    private static long Peak(IModel model, int side)
    {
        model.Trim();
        var facts = model.Facts;
        using var input = new Planes(facts.Channels, side, side);
        using var output = new Planes(facts.Channels, side, side);
        input.Values.Fill(0.5f);
        output.Values.Clear(); // resident before the count begins
        long before = Environment.WorkingSet, most = before;
        using var over = new ManualResetEventSlim();
        var watch = new Thread(() =>
        {
            do
                most = Math.Max(most, Environment.WorkingSet);
            while (!over.Wait(1));
        });
        watch.Start();
        try
        {
            model.Run(BlankInput.For(facts, input), output);
        }
        finally
        {
            over.Set();
            watch.Join();
        }

        return most - before;
    }
}
