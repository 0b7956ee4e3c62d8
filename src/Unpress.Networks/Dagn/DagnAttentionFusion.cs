using Unpress.Torch;
using Unpress.Torch.Nn;

namespace Unpress.Networks;

/// <summary>
/// The authors' form of the fusion: softmax attention between half as many channels, through a 1×1 convolution that starts at zero. Their file
/// holds the projection that joins the result with the base features even where the result is added and nothing goes through it; so does
/// this module, then without gradients.
/// </summary>
internal sealed class DagnAttentionFusion : DagnFusion
{
    private const double DropRate = 0.05;

    private readonly Sequential _key, _query;
    private readonly Conv2d _value, _output;
    private readonly Sequential _join;
    private readonly bool _joined;

    public DagnAttentionFusion(long features, long width, bool joined)
    {
        long inner = width / 2;
        _joined = joined;
        const string Stage = "stages.0.";
        _key = Add(Stage + "f_key", new Sequential(new Conv2d(features, inner, 1), new BatchNorm2d(inner), new Relu()));
        _query = Add(Stage + "f_query", new Sequential(new Conv2d(width, inner, 1), new BatchNorm2d(inner), new Relu()));
        _value = Add(Stage + "f_value", new Conv2d(features, inner, 1));
        _output = Add(Stage + "W", new Conv2d(inner, width, 1));
        Init.Constant(_output.Weight, 0);
        Init.Constant(_output.Bias!, 0);
        _join = Add("conv_bn_dropout", new Sequential(new Conv2d(2 * width, width, 1), new BatchNorm2d(width)));
        foreach (var parameter in joined ? [] : _join.Parameters())
            parameter.RequiresGrad = false;
    }

    public override (Tensor Keys, Tensor Values) Read(Tensor features)
        => (Pool(_key.Forward(features)), Pool(_value.Forward(features)));

    public override Tensor Forward(Tensor input, Tensor keys, Tensor values)
    {
        using var scope = TensorScope.Enter();
        double scale = Math.Pow(keys.Size(1), -0.5);
        var context = _output.Forward(Ask(_query.Forward(input), keys, values, likeness => Functional.Softmax(likeness * scale, -1)));
        if (!_joined)
            return scope.Keep(input + context);
        var joined = _join.Forward(Tensor.Cat([context, input], 1));
        return scope.Keep(Training ? Dropped(joined) : joined);
    }

    // Whole feature maps; the others are scaled so that the mean stays. PyTorch's operator would draw from the generator of the whole process.
    private static Tensor Dropped(Tensor features)
        => features * (Tensor.Bernoulli(1 - DropRate, [features.Size(0), features.Size(1), 1, 1], features.DType, features.Device) / (1 - DropRate));
}
