using Unpress.Torch;
using Unpress.Torch.Nn;

namespace Unpress.Metrics;

/// <summary>
/// A picture's features become one vector: their mean asks the mean and all places. The published weights add a place to each, which ties the
/// network to 224×224; CLIP-IQA leaves that out, and so takes any size.
/// </summary>
internal sealed class ClipAttentionPool : Layer
{
    private readonly Linear _query, _key, _value, _out;
    private readonly int _heads;

    public ClipAttentionPool(long width, int heads, long outputs)
    {
        _heads = heads;
        _query = Add("q_proj", new Linear(width, width));
        _key = Add("k_proj", new Linear(width, width));
        _value = Add("v_proj", new Linear(width, width));
        _out = Add("c_proj", new Linear(width, outputs));
    }

    /// <summary>[N, C, H, W] to [N, outputs].</summary>
    public override Tensor Forward(Tensor input)
    {
        using var scope = TensorScope.Enter();
        var places = input.Reshape(input.Size(0), input.Size(1), -1).Transpose(1, 2);
        var mean = places.Mean([1], keep: true);
        var all = Tensor.Cat([mean, places], 1);
        var found = Attention.Of(_query.Forward(mean), _key.Forward(all), _value.Forward(all), _heads);
        return scope.Keep(_out.Forward(found).Squeeze(1));
    }
}
