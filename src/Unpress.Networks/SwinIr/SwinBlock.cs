using Unpress.Torch;
using Unpress.Torch.Nn;

namespace Unpress.Networks;

/// <summary>One Swin layer: x + attention(norm(x)) in windows, then x + MLP(norm(x)). Windows of every second layer lie half a window off.</summary>
internal sealed class SwinBlock : Module
{
    /// <summary>The authors' truncated normal: cut at ±2, a hundred deviations, so a plain normal.</summary>
    public const double Deviation = 0.02;

    private readonly SwinIrOptions _options;
    private readonly double _drop;
    private readonly Tensor? _mask;
    private readonly LayerNorm _norm1, _norm2;
    private readonly WindowAttention _attention;
    private readonly SwinMlp _mlp;

    /// <param name="mask">The mask of the training size; null where the windows are not shifted. The block takes an alias of it.</param>
    /// <param name="drop">The chance that a picture skips this layer while training.</param>
    public SwinBlock(SwinIrOptions options, int heads, Tensor? mask, double drop)
    {
        (_options, _drop) = (options, drop);
        if (mask is not null)
            _mask = AddBuffer("attn_mask", mask.Alias());
        _norm1 = Add("norm1", new LayerNorm(options.Width));
        _attention = Add("attn", new WindowAttention(options.Width, options.Window, heads));
        _norm2 = Add("norm2", new LayerNorm(options.Width));
        _mlp = Add("mlp", new SwinMlp(options.Width, (long)(options.Width * options.MlpRatio)));
    }

    /// <param name="picture">[N, H, W, C].</param>
    /// <param name="mask">For this size; used where the windows are shifted.</param>
    public Tensor Forward(Tensor picture, Tensor mask)
    {
        using var scope = TensorScope.Enter();
        var shape = picture.Shape;
        bool isTrainingSize = shape[1] == _options.TrainingSize && shape[2] == _options.TrainingSize;
        int shift = _mask is null ? 0 : _options.Window / 2;
        var normal = _norm1.Forward(picture);
        var windows = SwinWindows.Cut(shift == 0 ? normal : SwinWindows.Roll(normal, -shift), _options.Window);
        var mixed = _attention.Forward(windows, _mask is null ? null : isTrainingSize ? _mask : mask);
        var joined = SwinWindows.Join(mixed, _options.Window, shape[1], shape[2]);
        var attended = picture + Drop(shift == 0 ? joined : SwinWindows.Roll(joined, shift));
        return scope.Keep(attended + Drop(_mlp.Forward(_norm2.Forward(attended))));
    }

    /// <summary>The authors' start for linear layers.</summary>
    public static Linear Start(Linear layer)
    {
        Init.Normal(layer.Weight, 0, Deviation);
        Init.Constant(layer.Bias!, 0);
        return layer;
    }

    // Whole pictures of the batch skip the layer; the others are scaled so that the mean stays.
    private Tensor Drop(Tensor change)
    {
        if (!Training || _drop == 0)
            return change;
        return change * (Tensor.Bernoulli(1 - _drop, [change.Size(0), 1, 1, 1], change.DType, change.Device) / (1 - _drop));
    }
}
