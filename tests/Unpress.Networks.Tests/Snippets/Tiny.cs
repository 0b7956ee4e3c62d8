using Unpress.Networks;
using Unpress.Torch;
using Unpress.Torch.Nn;

namespace Unpress.Tests.Snippets;

/// <summary>Three convolutions and the input: the smallest network there can be.</summary>
public sealed class Tiny : Network
{
    private readonly Sequential _layers;

    public Tiny(TinyOptions options)
        : base(new NetworkFacts(options.Channels, ReceptiveField: 3))
        => _layers = Add("layers", new Sequential(
            Conv2d.Same(options.Channels, options.Width, 3), new Relu(),
            Conv2d.Same(options.Width, options.Width, 3), new Relu(),
            Conv2d.Same(options.Width, options.Channels, 3)));

    public static NetworkEntry Entry { get; } = NetworkEntry.Of<TinyOptions>(
        "tiny", "Tiny: three convolutions", "an example", options => new Tiny(options));

    protected override Tensor Restore(Tensor input, Conditions conditions) => input + _layers.Forward(input);
}
