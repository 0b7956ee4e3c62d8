using Unpress.Jpeg;
using Unpress.Networks;
using Unpress.Patches;
using Unpress.Torch;
using Unpress.Torch.Nn;

namespace Unpress.Losses;

/// <summary>
/// What a loss term may look at in one training step. Tensors are [N,C,H,W], 0..1. What several terms need, f(x) and f(y), is computed
/// when the first asks and then shared.
/// </summary>
/// <param name="network">The network in training.</param>
/// <param name="compressed">x, the compressed patches.</param>
/// <param name="raw">y, the raw patches.</param>
/// <param name="facts">How each patch was compressed.</param>
public sealed class LossInput(Network network, Tensor compressed, Tensor raw, IReadOnlyList<PatchFacts> facts)
{
    private Tensor? _enhanced;
    private Tensor? _enhancedRaw;
    private (Tensor Raw, Tensor Compressed)? _features;

    public Network Network { get; } = network;

    /// <summary>x, the compressed patches.</summary>
    public Tensor Compressed { get; } = compressed;

    /// <summary>y, the raw patches.</summary>
    public Tensor Raw { get; } = raw;

    /// <summary>How each patch was compressed.</summary>
    public IReadOnlyList<PatchFacts> Facts { get; } = facts;

    /// <summary>What the network is told of the compressed patches besides their pixels.</summary>
    public Conditions Conditions { get; init; } = Conditions.None;

    /// <summary>The cells that f(x) is moved into; null leaves it as the network makes it.</summary>
    public QuantisationCells? Cells { get; init; }

    /// <summary>The discriminator; null when there is none, or not yet.</summary>
    public Gan? Gan { get; init; }

    /// <summary>Runs networks at the training's precision; the result is float32 again (float64 in tests).</summary>
    public Func<Func<Tensor>, Tensor> Precisely { get; init; } = compute => compute();

    /// <summary>
    /// f(x), moved into its cells where there are any, not clamped: the forward pass of the step, made when a loss first asks for it. The one pass
    /// that batch norm's running statistics follow.
    /// </summary>
    public Tensor Enhanced => _enhanced ??= Cells is null ? Restored() : Cells.Project(Restored());

    /// <summary>f(y), not clamped: what the network makes of pictures that need nothing.</summary>
    public Tensor EnhancedRaw => _enhancedRaw ??= Forward(Raw);

    /// <summary>
    /// Features of y and of x, where the network is a <see cref="DagnAutoEncoder"/>. Of one pass: batch norm of each alone would take away the very
    /// difference between them.
    /// </summary>
    public (Tensor Raw, Tensor Compressed) Features => _features ??= Encoded();

    /// <summary>
    /// f of pictures that no codec has just damaged: they count as quality 100 and have no file. Gradients to the weights and through the
    /// input. Leaves running statistics alone.
    /// </summary>
    public Tensor Forward(Tensor input)
    {
        using var statistics = new KeptBuffers(Network);
        return Precisely(() => Network.Forward(input, Undamaged));
    }

    /// <summary>f⁻ of such pictures: the weights are constants, gradients go through the input only.</summary>
    public Tensor ForwardFrozen(Tensor input)
    {
        using var frozen = new FrozenParameters(Network);
        return Forward(input);
    }

    private (Tensor Raw, Tensor Compressed) Encoded()
    {
        var both = Precisely(() => ((DagnAutoEncoder)Network).Encode(Tensor.Cat([Raw, Compressed], 0)));
        long count = Raw.Size(0);
        return (both.Narrow(0, 0, count), both.Narrow(0, count, count));
    }

    private Tensor Restored() => Precisely(() => Network.Forward(Compressed, Conditions));

    private Conditions Undamaged
        => Conditions with { Jpeg = null, Quality = Conditions.Quality is { } quality ? Tensor.ZerosLike(quality) + 100 : null };
}
