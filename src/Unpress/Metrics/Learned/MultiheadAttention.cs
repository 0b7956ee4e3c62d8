using Unpress.Torch;
using Unpress.Torch.Nn;

namespace Unpress.Metrics;

/// <summary>PyTorch's multi-head attention with its names: <c>in_proj_weight</c> stacks query, key and value by rows. [N, T, E] throughout.</summary>
internal sealed class MultiheadAttention : Module
{
    private readonly Tensor _weight, _bias;
    private readonly Linear _out;
    private readonly int _heads;

    public MultiheadAttention(long width, int heads)
    {
        _heads = heads;
        _weight = AddParameter("in_proj_weight", Tensor.Randn([3 * width, width]) * (1 / Math.Sqrt(width)));
        _bias = AddParameter("in_proj_bias", Tensor.Zeros([3 * width]));
        _out = Add("out_proj", new Linear(width, width));
    }

    /// <summary>What each query finds among the keys.</summary>
    public Tensor Forward(Tensor query, Tensor memory)
    {
        using var scope = TensorScope.Enter();
        long batch = query.Size(0), width = query.Size(2);
        Tensor q = Part(query, 0), k = Part(memory, 1), v = Part(memory, 2);
        var weights = Functional.Softmax(q.MatMul(k.Transpose(2, 3)) * (1 / Math.Sqrt(width / (double)_heads)), -1);
        return scope.Keep(_out.Forward(weights.MatMul(v).Permute(0, 2, 1, 3).Reshape(batch, -1, width)));
    }

    // [N, heads, T, E/heads]
    private Tensor Part(Tensor tokens, int place)
    {
        long width = tokens.Size(2);
        var projected = Functional.Linear(tokens, _weight.Narrow(0, place * width, width), _bias.Narrow(0, place * width, width));
        return projected.Reshape(tokens.Size(0), -1, _heads, width / _heads).Permute(0, 2, 1, 3);
    }
}
