using Unpress.Torch;
using Unpress.Torch.Nn;

namespace Unpress.Networks;

/// <summary>Multi-head attention without biases; tensors and names as in PyTorch's MultiheadAttention.</summary>
internal sealed class IptAttention : Module
{
    private readonly Tensor _inWeight;
    private readonly Linear _out;
    private readonly int _heads;

    public IptAttention(long width, int heads)
    {
        _heads = heads;
        _inWeight = AddParameter("in_proj_weight", Tensor.Empty([3 * width, width]));
        Init.Usual(_inWeight);
        _out = Add("out_proj", new Linear(width, width, bias: false));
    }

    /// <summary>All [N, tokens, C]; for each query the mean of the values, weighted by how well their keys match.</summary>
    public Tensor Forward(Tensor query, Tensor key, Tensor value)
    {
        using var scope = TensorScope.Enter();
        long width = query.Size(2);
        var q = Heads(Project(query, 0)) * Math.Pow(width / (double)_heads, -0.5);
        var weights = Functional.Softmax(q.MatMul(Heads(Project(key, 1)).Transpose(-2, -1)), -1);
        var mixed = weights.MatMul(Heads(Project(value, 2))); // [N, heads, tokens, C/heads]
        return scope.Keep(_out.Forward(mixed.Transpose(1, 2).Reshape(-1, query.Size(1), width)));
    }

    private Tensor Project(Tensor input, int part)
    {
        long width = input.Size(2);
        return Functional.Linear(input, _inWeight.Narrow(0, part * width, width), null);
    }

    private Tensor Heads(Tensor input) => input.Reshape(-1, input.Size(1), _heads, input.Size(2) / _heads).Transpose(1, 2);
}
