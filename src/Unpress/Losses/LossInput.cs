using Unpress.Data;
using Unpress.Networks;
using Unpress.Torch;

namespace Unpress.Losses;

/// <summary>What a loss term may look at in one training step. Tensors are [N,C,H,W], 0..1.</summary>
/// <param name="Network">The network in training.</param>
/// <param name="Compressed">x, the compressed patches.</param>
/// <param name="Raw">y, the raw patches.</param>
/// <param name="Enhanced">f(x), not clamped.</param>
/// <param name="Facts">How each patch was compressed.</param>
public sealed record LossInput(Network Network, Tensor Compressed, Tensor Raw, Tensor Enhanced, IReadOnlyList<PatchFacts> Facts);
