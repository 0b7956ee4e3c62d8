using Unpress.Torch;
using Unpress.Torch.Nn;

namespace Unpress.Metrics;

/// <summary>Normalisation over groups of channels, as in PyTorch.</summary>
internal sealed class GroupNorm : Layer
{
    private static readonly Op GroupNormOp = Op.Find("aten::group_norm");

    private readonly Tensor _weight, _bias;
    private readonly int _groups;
    private readonly double _epsilon;

    public GroupNorm(int groups, long channels, double epsilon)
    {
        _groups = groups;
        _epsilon = epsilon;
        _weight = AddParameter("weight", Tensor.Ones([channels]));
        _bias = AddParameter("bias", Tensor.Zeros([channels]));
    }

    public override Tensor Forward(Tensor input) => GroupNormOp.Call(input, _groups, _weight, _bias, _epsilon);
}
