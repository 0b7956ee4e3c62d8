namespace Unpress.Torch.Optim;

/// <summary>Keeps a step from being ruined by one batch.</summary>
public static class GradientClip
{
    private static readonly Op VectorNormOp = Op.Find("aten::linalg_vector_norm");

    /// <summary>Scales all gradients so that their common Euclidean norm is at most <paramref name="maximum"/>; returns the norm before.</summary>
    public static double ByNorm(IEnumerable<(string Name, Tensor Tensor)> parameters, double maximum)
    {
        using var noGrad = Autograd.NoGrad();
        using var scope = TensorScope.Enter();
        Tensor[] gradients = [.. parameters.Select(p => p.Tensor.Grad).OfType<Tensor>()];
        if (gradients.Length == 0)
            return 0;
        double norm = VectorNormOp.Call(Tensor.Stack(Foreach.Norm(gradients), 0)).Item();
        if (norm > maximum)
            Foreach.Mul(gradients, maximum / (norm + 1e-6));
        return norm;
    }
}
