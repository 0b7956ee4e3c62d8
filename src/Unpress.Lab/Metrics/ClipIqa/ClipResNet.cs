using Unpress.Torch;
using Unpress.Torch.Nn;

namespace Unpress.Metrics;

/// <summary>CLIP's ResNet: three convolutions at the beginning, average pooling wherever it shrinks, attention at the end.</summary>
internal sealed class ClipResNet : Layer
{
    private readonly Conv2d[] _stem = new Conv2d[3];
    private readonly BatchNorm2d[] _norms = new BatchNorm2d[3];
    private readonly Sequential[] _stages = new Sequential[4];
    private readonly ClipAttentionPool _pool;

    public ClipResNet(ClipIqaOptions options)
    {
        long[] widths = [3, options.Width / 2, options.Width / 2, options.Width];
        for (int k = 0; k < 3; k++)
        {
            _stem[k] = Add($"conv{k + 1}", new Conv2d(widths[k], widths[k + 1], 3, stride: k == 0 ? 2 : 1, padding: 1, bias: false));
            _norms[k] = Add($"bn{k + 1}", new BatchNorm2d(widths[k + 1]));
        }

        long channels = options.Width;
        for (int stage = 0; stage < 4; stage++)
        {
            long width = (long)options.Width << stage;
            var blocks = new Layer[options.Blocks[stage]];
            for (int b = 0; b < blocks.Length; b++, channels = 4 * width)
                blocks[b] = new ClipBottleneck(channels, width, stage > 0 && b == 0 ? 2 : 1);
            _stages[stage] = Add($"layer{stage + 1}", new Sequential(blocks));
        }

        _pool = Add("attnpool", new ClipAttentionPool(channels, (int)channels / 64, options.Features));
    }

    /// <summary>[N, 3, H, W], in CLIP's range, to [N, features].</summary>
    public override Tensor Forward(Tensor input)
    {
        using var scope = TensorScope.Enter();
        var x = input;
        for (int k = 0; k < 3; k++)
            x = Functional.Relu(_norms[k].Forward(_stem[k].Forward(x)));
        x = Functional.AvgPool2d(x, 2, 2);
        foreach (var stage in _stages)
            x = stage.Forward(x);
        return scope.Keep(_pool.Forward(x));
    }
}
