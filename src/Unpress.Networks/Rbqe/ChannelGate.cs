using Unpress.Torch;
using Unpress.Torch.Nn;

namespace Unpress.Networks;

/// <summary>
/// ECA, efficient channel attention (Wang et al., CVPR 2020): each channel is scaled by a sigmoid of its mean and its two neighbours'.
/// </summary>
internal sealed class ChannelGate : Layer
{
    private static readonly Op Conv1d = Op.Find("aten::conv1d");

    private readonly Tensor _weight;

    public ChannelGate()
    {
        _weight = AddParameter("conv.weight", Tensor.Empty([1, 1, 3]));
        Init.Usual(_weight);
    }

    public override Tensor Forward(Tensor input)
    {
        using var scope = TensorScope.Enter();
        var shape = input.Shape;
        var means = input.Mean([2, 3]).Unsqueeze(1);                                             // [N, 1, C]
        var gate = Conv1d.Call(means, _weight, Value.None, new[] { 1L }, new[] { 1L }).Sigmoid(); // [N, 1, C]
        return scope.Keep(input * gate.Reshape(shape[0], shape[1], 1, 1));
    }
}
