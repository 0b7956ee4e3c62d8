using Unpress.Torch;

namespace Unpress.Losses;

/// <summary>One term of an objective: sees the whole step, returns a scalar.</summary>
public interface ILossTerm
{
    /// <summary>A scalar, smaller is better, with its place in the graph.</summary>
    Tensor Evaluate(LossInput step);

    /// <summary>Why it cannot be part of this training, one reason a line; asked before any data is read.</summary>
    IEnumerable<string> Conflicts(LossPlan plan) => [];

    /// <summary>What a reader of the results must know of it, such as whose features it compares; null for nothing.</summary>
    string? Provenance => null;
}
