using Unpress.Data;
using Unpress.Networks;
using Unpress.Torch;
using Unpress.Torch.Nn;

namespace Unpress.Losses;

/// <summary>
/// What a loss term may look at in one training step. Tensors are [N,C,H,W], 0..1. What several terms need, f(x) and f(y), is computed
/// when the first asks and then shared.
/// </summary>
public sealed class LossInput
{
    private readonly Func<Tensor, Tensor> _forward;
    private Tensor? _enhanced;
    private Tensor? _enhancedRaw;

    /// <param name="network">The network in training.</param>
    /// <param name="compressed">x, the compressed patches.</param>
    /// <param name="raw">y, the raw patches.</param>
    /// <param name="facts">How each patch was compressed.</param>
    /// <param name="forward">The network at the precision of the training; left out: as it is.</param>
    public LossInput(
        Network network, Tensor compressed, Tensor raw, IReadOnlyList<PatchFacts> facts, Func<Tensor, Tensor>? forward = null)
    {
        (Network, Compressed, Raw, Facts) = (network, compressed, raw, facts);
        _forward = forward ?? (input => network.Forward(input));
    }

    public Network Network { get; }

    /// <summary>x, the compressed patches.</summary>
    public Tensor Compressed { get; }

    /// <summary>y, the raw patches.</summary>
    public Tensor Raw { get; }

    /// <summary>How each patch was compressed.</summary>
    public IReadOnlyList<PatchFacts> Facts { get; }

    /// <summary>f(x), not clamped. The one pass that batch norm's running statistics follow.</summary>
    public Tensor Enhanced => _enhanced ??= _forward(Compressed);

    /// <summary>f(y), not clamped: what the network makes of pictures that need nothing.</summary>
    public Tensor EnhancedRaw => _enhancedRaw ??= Forward(Raw);

    /// <summary>f of anything, with gradients to the weights and through the input. Leaves running statistics alone.</summary>
    public Tensor Forward(Tensor input)
    {
        using var statistics = new KeptBuffers(Network);
        return _forward(input);
    }

    /// <summary>f⁻ of anything: the weights are constants, gradients go through the input only. Leaves running statistics alone.</summary>
    public Tensor ForwardFrozen(Tensor input)
    {
        using var frozen = new FrozenParameters(Network);
        return Forward(input);
    }
}
