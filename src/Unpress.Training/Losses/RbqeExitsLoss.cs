using Unpress.Degradations;
using Unpress.Networks;
using Unpress.Recipes;
using Unpress.Torch;

namespace Unpress.Losses;

/// <summary>
/// (1/N) Σ over pictures and exits of w(quality, exit) · MSE(exit's output, y): the multi-exit training of RBQE (Xing et al., ECCV 2020;
/// weights of PowerQE v2). Good pictures press the early exits, bad ones the late.
/// Our reading: a quality between two rows takes the nearer row's weights, the better row's in the middle.
/// </summary>
public sealed class RbqeExitsLoss(RbqeExitsOptions options) : ILossTerm
{
    internal const int Exits = 5;

    // One row a quality, best quality first; one column an exit.
    private static readonly float[][] Weights =
    [
        [2f, 1f, 1f, 0.5f, 0.5f],
        [1f, 2f, 1f, 0.5f, 0.5f],
        [0.5f, 1f, 2f, 1f, 0.5f],
        [0.5f, 0.5f, 1f, 2f, 1f],
        [0.5f, 0.5f, 1f, 1f, 2f],
    ];

    public static LossEntry Entry { get; } = new(
        "rbqe-exits", "squared difference at each exit of RBQE, weighed by quality",
        section => new RbqeExitsLoss(section.Read<RbqeExitsOptions>()));

    public IEnumerable<string> Conflicts(LossPlan plan)
    {
        if (plan.Network is not Rbqe { Exits: Exits })
            yield return "is for network rbqe with its five exits";
        if (plan.Recipe.Consistent)
            yield return "compares all exits, none of which consistent moves; set it to false";
    }

    public Tensor Evaluate(LossInput step)
    {
        var outputs = ((Rbqe)step.Network).AllExits(step.Compressed);
        var errors = Tensor.Stack([.. outputs.Select(output => (output - step.Raw).Square().Mean([1, 2, 3]))], 1); // [N, exits]
        float[] weights = [.. step.Facts.SelectMany(facts => Weights[Row(facts.Degradation)])];
        return (errors * Tensor.From(weights, step.Facts.Count, Exits).To(step.Raw.Device)).Sum() / step.Facts.Count;
    }

    // What nobody compressed is as good as it gets, on every codec's scale.
    private int Row(DegradationFacts facts)
        => facts.Compressed ? Nearest(facts.Quality) : 0;

    private int Nearest(int quality)
        => Enumerable.Range(0, options.Qualities.Count).MinBy(row => Math.Abs(options.Qualities[row] - quality));
}

/// <summary>Options of <see cref="RbqeExitsLoss"/>.</summary>
public sealed record RbqeExitsOptions : IHasFaults
{
    /// <summary>The qualities of the five rows of weights, best first: quality factors for JPEG; QPs for HEVC are 22, 27, 32, 37, 42.</summary>
    public IReadOnlyList<int> Qualities { get; init; } = [50, 40, 30, 20, 10];

    public IEnumerable<string> Faults()
    {
        if (Qualities.Count != RbqeExitsLoss.Exits)
            yield return FormattableString.Invariant($"qualities has {Qualities.Count} numbers, must have {RbqeExitsLoss.Exits}");
    }
}
