using Unpress.Torch;
using Unpress.Torch.Nn;

namespace Unpress.Metrics;

/// <summary>A convolution without bias whose filters are brought to mean 0 and deviation 1 before use: Qiao et al., arXiv:1903.10520.</summary>
internal sealed class StandardConv2d : Layer
{
    private const double Epsilon = 1e-5;

    private readonly Tensor _weight;
    private readonly long _stride;

    public StandardConv2d(long inChannels, long outChannels, long kernel, long stride = 1)
    {
        _weight = AddParameter("weight", Tensor.Randn([outChannels, inChannels, kernel, kernel]));
        _stride = stride;
    }

    public override Tensor Forward(Tensor input)
    {
        using var scope = TensorScope.Enter();
        var centred = _weight - _weight.Mean([1, 2, 3], keep: true);
        double others = (_weight.Count / _weight.Size(0)) - 1.0;
        var deviation = (centred.Square().Sum([1, 2, 3], keep: true) / others).Sqrt();
        var padded = SamePadding.Apply(input, _weight.Size(2), _stride);
        return scope.Keep(Functional.Conv2d(padded, centred / (deviation + Epsilon), null, _stride));
    }
}
