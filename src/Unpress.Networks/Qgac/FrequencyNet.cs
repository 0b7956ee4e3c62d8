using Unpress.Torch;
using Unpress.Torch.Nn;

namespace Unpress.Networks;

/// <summary>QGAC's frequency network and its fusion: layers over blocks for each frequency by itself. The regrouping counts in the names.</summary>
internal sealed class FrequencyNet : Layer
{
    private readonly Sequential _layers;

    private FrequencyNet(params Layer[] layers) => _layers = Add("net", new Sequential([new Regroup(gather: true), .. layers, new Regroup(gather: false)]));

    /// <summary>Narrow, a dense residual block, and wide again.</summary>
    public static FrequencyNet Enhancer(long planes, long width) => new(
        new FrequencyConv(planes, width), new PRelu(), new DenseResidual(width * FrequencyConv.Frequencies, FrequencyConv.Frequencies),
        new FrequencyConv(width, planes), new PRelu());

    /// <summary>To one plane.</summary>
    public static FrequencyNet Fusion(long planes, long width) => new(
        new FrequencyConv(planes, width), new PRelu(), new FrequencyConv(width, width), new PRelu(), new FrequencyConv(width, 1));

    public override Tensor Forward(Tensor input) => _layers.Forward(input);

    private sealed class Regroup(bool gather) : Layer
    {
        public override Tensor Forward(Tensor input) => gather ? FrequencyConv.Gather(input) : FrequencyConv.Scatter(input);
    }
}
