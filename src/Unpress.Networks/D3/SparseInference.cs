using Unpress.Torch;
using Unpress.Torch.Nn;

namespace Unpress.Networks;

/// <summary>One-step sparse inference (1-SI): to the atoms, soft threshold with a trained level for each, and back. On vectors of 64.</summary>
internal sealed class SparseInference : Layer
{
    private readonly Linear _analysis;
    private readonly Linear _synthesis;
    private readonly Tensor _threshold;

    public SparseInference(int size, int atoms, double threshold)
    {
        _analysis = Add("analysis", new Linear(size, atoms, bias: false));
        _threshold = AddParameter("threshold", Tensor.Ones([atoms]));
        Init.Constant(_threshold, threshold);
        _synthesis = Add("synthesis", new Linear(atoms, size, bias: false));
        // Aᵀ(Ax) is near x for normal numbers of this spread: the untrained network nearly returns its input.
        Init.Normal(_analysis.Weight, 0, 1 / Math.Sqrt(atoms));
        using var noGrad = Autograd.NoGrad();
        using var transposed = _analysis.Weight.Transpose(0, 1);
        _synthesis.Weight.Copy(transposed);
    }

    public override Tensor Forward(Tensor input)
    {
        using var scope = TensorScope.Enter();
        var code = _analysis.Forward(input);
        var level = Functional.Relu(_threshold);
        return scope.Keep(_synthesis.Forward(Functional.Relu(code - level) - Functional.Relu((-code) - level)));
    }
}
