using Unpress.Torch;

namespace Unpress.Losses;

/// <summary>One term of an objective: sees the whole step, returns a scalar.</summary>
public interface ILossTerm
{
    /// <summary>A scalar, smaller is better, with its place in the graph.</summary>
    Tensor Evaluate(LossInput step);
}
