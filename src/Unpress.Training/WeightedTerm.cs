using Unpress.Losses;
using Unpress.Torch;

namespace Unpress.Training;

/// <summary>A term of an objective with its weight, and its value in the step that is being made.</summary>
internal sealed class WeightedTerm(string name, ILossTerm term, double weight)
{
    public string Name { get; } = name;

    public ILossTerm Term { get; } = term;

    /// <summary>Unweighted.</summary>
    public double Value { get; set; }

    /// <param name="share">Of the batch, 0..1.</param>
    public Tensor Evaluate(LossInput part, double share)
    {
        var loss = Term.Evaluate(part);
        Value += loss.Item() * share;
        return loss * (weight * share);
    }
}
