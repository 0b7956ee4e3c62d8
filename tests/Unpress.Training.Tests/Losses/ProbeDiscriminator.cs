using Unpress.Networks.Discriminators;
using Unpress.Torch;
using Unpress.Torch.Nn;

namespace Unpress.Tests.Losses;

/// <summary>A smooth discriminator in float64, one logit a picture, conditional or not.</summary>
internal sealed class ProbeDiscriminator : Discriminator
{
    private readonly Conv2d _first, _last;

    public ProbeDiscriminator(bool conditional)
        : base(new Options { Channels = 1, Conditional = conditional })
    {
        _first = Add("first", Conv2d.Same(conditional ? 2 : 1, 2, 3));
        _last = Add("last", Conv2d.Same(2, 1, 3));
        To(Device.Cpu, DType.Float64);
    }

    protected override void Check(long height, long width)
    {
    }

    protected override Tensor Judge(Tensor input) => _last.Forward(_first.Forward(input).Tanh()).Tanh().Sum([1, 2, 3]).Reshape(-1, 1);

    private sealed record Options : DiscriminatorOptions;
}
