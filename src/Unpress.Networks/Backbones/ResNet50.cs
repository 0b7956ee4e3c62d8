using Unpress.Torch;
using Unpress.Torch.Nn;

namespace Unpress.Networks.Backbones;

/// <summary>
/// ResNet-50: He, Zhang, Ren, Sun, "Deep Residual Learning for Image Recognition", CVPR 2016, in torchvision's form (the stride on the 3×3
/// convolution of a stage's first block), without average pooling and classifier. Layers by torchvision's names: conv1, bn1, relu, maxpool,
/// layer1.0 … layer4.2; layer1 … layer4 are the last blocks of their stages. Not sealed: DAGN's encoders add a layer to it.
/// </summary>
public class ResNet50 : Backbone
{
    private readonly Conv2d _conv1;
    private readonly BatchNorm2d _bn1;
    private readonly Sequential[] _stages;
    private readonly bool _normalise;

    public ResNet50(ResNet50Options options)
    {
        options.Validate();
        _normalise = options.Normalise;
        _conv1 = Add("conv1", new Conv2d(3, options.Width, 7, stride: 2, padding: 3, bias: false));
        _bn1 = Add("bn1", new BatchNorm2d(options.Width));
        _stages = new Sequential[4];
        long channels = options.Width;
        for (int k = 0; k < 4; k++)
        {
            long width = (long)options.Width << k;
            int stride = k == 0 ? 1 : k == 3 ? options.LastStride : 2;
            var blocks = new Layer[options.Blocks[k]];
            for (int b = 0; b < blocks.Length; b++, channels = 4 * width)
                blocks[b] = new Bottleneck(channels, width, b == 0 ? stride : 1);
            _stages[k] = Add($"layer{k + 1}", new Sequential(blocks));
        }
    }

    public static BackboneEntry Entry { get; } = BackboneEntry.Of<ResNet50Options>(
        "resnet50", "He et al., CVPR 2016", "resnet50-0676ba61.pth", ["fc."], options => new ResNet50(options));

    protected override Tensor Prepare(Tensor picture) => _normalise ? ImageNetRange.Apply(picture) : picture.Alias();

    protected override IEnumerable<BackboneStep> Chain()
    {
        yield return new(_conv1.Forward, "conv1");
        yield return new(_bn1.Forward, "bn1");
        yield return new(Functional.Relu, "relu");
        yield return new(x => Functional.MaxPool2d(x, 3, 2, 1), "maxpool");
        for (int k = 0; k < 4; k++)
            for (int b = 0; b < _stages[k].Layers.Count; b++)
            {
                string name = $"layer{k + 1}.{b}";
                yield return new(_stages[k].Layers[b].Forward, b == _stages[k].Layers.Count - 1 ? [name, $"layer{k + 1}"] : [name]);
            }
    }
}

/// <summary>
/// The residual block of <see cref="ResNet50"/>: 1×1 down to <paramref name="width"/> channels, 3×3 (which carries the stride), 1×1 up to
/// four times the width, batch norm after each; the skip is a 1×1 convolution with batch norm where its shape changes.
/// </summary>
internal sealed class Bottleneck : Layer
{
    private readonly Conv2d _conv1, _conv2, _conv3;
    private readonly BatchNorm2d _bn1, _bn2, _bn3;
    private readonly Sequential? _downsample;

    public Bottleneck(long inChannels, long width, long stride)
    {
        _conv1 = Add("conv1", new Conv2d(inChannels, width, 1, bias: false));
        _bn1 = Add("bn1", new BatchNorm2d(width));
        _conv2 = Add("conv2", new Conv2d(width, width, 3, stride, padding: 1, bias: false));
        _bn2 = Add("bn2", new BatchNorm2d(width));
        _conv3 = Add("conv3", new Conv2d(width, 4 * width, 1, bias: false));
        _bn3 = Add("bn3", new BatchNorm2d(4 * width));
        if (stride != 1 || inChannels != 4 * width)
            _downsample = Add("downsample", new Sequential(new Conv2d(inChannels, 4 * width, 1, stride, bias: false), new BatchNorm2d(4 * width)));
    }

    public override Tensor Forward(Tensor input)
    {
        using var scope = TensorScope.Enter();
        var change = Functional.Relu(_bn1.Forward(_conv1.Forward(input)));
        change = Functional.Relu(_bn2.Forward(_conv2.Forward(change)));
        change = _bn3.Forward(_conv3.Forward(change));
        return scope.Keep(Functional.Relu(change + (_downsample?.Forward(input) ?? input)));
    }
}

/// <summary>Options of <see cref="ResNet50"/>; the defaults are torchvision's network.</summary>
public sealed record ResNet50Options
{
    /// <summary>Channels after the first convolution; stage k gives 4 · 2^(k−1) times as many: 256, 512, 1024, 2048.</summary>
    public int Width { get; init; } = 64;

    /// <summary>Bottlenecks in each of the four stages.</summary>
    public int[] Blocks { get; init; } = [3, 4, 6, 3];

    /// <summary>Stride of the last stage: 2, or 1 for features at a sixteenth of the picture instead of a thirty-second (DAGN).</summary>
    public int LastStride { get; init; } = 2;

    /// <summary>Take ImageNet's mean and deviation out of the picture, as its weights expect; DAGN's encoders take 0..1 as it is.</summary>
    public bool Normalise { get; init; } = true;

    /// <exception cref="ArgumentException">An option is out of range; the message says which.</exception>
    public void Validate()
    {
        Require.Width(Width);
        Require.LayerCounts(Blocks, 4);
        Require.Within(LastStride, 1, 2);
    }
}
