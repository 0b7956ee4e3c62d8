using Unpress.Torch;
using Unpress.Torch.Nn;

namespace Unpress.Networks;

/// <summary>
/// Equation 10 as printed: C3(F_bf) × Pool(C1(F_cif)) × Pool(C2(F_cif))ᵀ + F_bf, three 1×1 convolutions to the base features' channels. No
/// released weights have this form; its names are ours.
/// </summary>
internal sealed class DagnLiteralFusion : DagnFusion
{
    private readonly Conv2d _c1, _c2, _c3;

    public DagnLiteralFusion(long features, long width)
    {
        _c1 = Add("c1", new Conv2d(features, width, 1));
        _c2 = Add("c2", new Conv2d(features, width, 1));
        _c3 = Add("c3", new Conv2d(width, width, 1));
    }

    public override (Tensor Keys, Tensor Values) Read(Tensor features) => (Pool(_c1.Forward(features)), Pool(_c2.Forward(features)));

    public override Tensor Forward(Tensor input, Tensor keys, Tensor values)
    {
        using var scope = TensorScope.Enter();
        return scope.Keep(input + Ask(_c3.Forward(input), keys, values, likeness => likeness));
    }
}
