using Unpress.Torch;

namespace Unpress.Inference;

/// <summary>Tells whether what came out of a network can be a restored picture at all.</summary>
internal static class TileGuard
{
    /// <summary>
    /// 1/8 of the range. The coarsest JPEG (QF 1) moves the mean of one block by at most 1/16, of a tile of many blocks far less:
    /// a network that moves it by more has gone wrong.
    /// </summary>
    private const double MaxMeanShift = 0.125;

    /// <summary>One phrase that says what is wrong; null when nothing is.</summary>
    public static string? Fault(Tensor input, Tensor output)
    {
        using var scope = TensorScope.Enter();
        if (!output.AllFinite())
            return "the network's output is not finite (NaN or infinity)";
        if (input.Max().Item() > input.Min().Item() && output.Max().Item() == output.Min().Item())
            return "the network's output is one flat colour";
        double shift = output.Mean().Item() - input.Mean().Item();
        return Math.Abs(shift) > MaxMeanShift
            ? FormattableString.Invariant($"the network moved the mean brightness by {shift * 100:+0;-0} %")
            : null;
    }
}
