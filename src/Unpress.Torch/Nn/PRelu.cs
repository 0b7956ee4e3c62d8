namespace Unpress.Torch.Nn;

/// <summary>max(0, x) + a · min(0, x) with a trained per channel (or one for all).</summary>
public sealed class PRelu : Layer
{
    private readonly Tensor _weight;

    public PRelu(long channels = 1, double start = 0.25)
    {
        _weight = AddParameter("weight", Tensor.Ones([channels]));
        Init.Constant(_weight, start);
    }

    public override Tensor Forward(Tensor input) => Functional.PRelu(input, _weight);
}
