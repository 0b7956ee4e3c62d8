using Unpress.Torch;

namespace Unpress.Networks;

/// <summary>A network with several outputs, each after more layers, that stops at the first which is good enough.</summary>
public interface IEarlyExit
{
    /// <summary>How many outputs there are; with one there is nothing to decide.</summary>
    int Exits { get; }

    /// <summary>
    /// All outputs for one picture, [1,C,H,W], the earliest first, each with whether it is good enough: a truth value without dimensions.
    /// </summary>
    IReadOnlyList<(Tensor Output, Tensor IsGood)> AllJudged(Tensor input);
}
