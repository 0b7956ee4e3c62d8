using Unpress.Torch;
using Unpress.Torch.Nn;

namespace Unpress.Networks.Backbones;

/// <summary>
/// The small residual network of the NuGet package Microsoft.ML.DnnImageFeaturizer.ResNet18 (MIT; trained on ImageNet with CNTK): He, Zhang,
/// Ren, Sun, "Deep Residual Learning for Image Recognition", CVPR 2016, with one block more in its last stage than the paper's 18 layers have:
/// 2, 2, 2, 3 blocks, 22 convolutions. It takes BGR, 0..255, minus the mean of its training pictures: the package has a mean for each pixel of
/// 224×224, here the mean over those is taken, so that pictures of any size fit. What halves the resolution pads one pixel less at the right or
/// at the bottom of an even size, as CNTK does: n becomes ⌈n/2⌉. Layers by torchvision's names: conv1, bn1, relu, maxpool, layer1.0 … layer4.2;
/// layer1 … layer4 are the last blocks of their stages.
/// </summary>
public sealed class ResNet18 : Backbone
{
    private static readonly int[] Blocks = [2, 2, 2, 3];

    // Of the package's preprocessing graph, for red, green and blue, over 255.
    private static readonly double[] Mean = [123.15163 / 255, 115.902885 / 255, 103.06262 / 255];

    // CNTK numbers what it makes. Of a convolution the number of its weights, of a batch norm that of its scale; bias, mean and variance follow it.
    private static readonly Dictionary<string, string> Names = Table(
        ("conv1", "bn1", 91, 96),
        ("layer1.0.conv1", "layer1.0.bn1", 86, 113), ("layer1.0.conv2", "layer1.0.bn2", 82, 127),
        ("layer1.1.conv1", "layer1.1.bn1", 77, 144), ("layer1.1.conv2", "layer1.1.bn2", 73, 158),
        ("layer2.0.downsample.0", "layer2.0.downsample.1", 199, 203),
        ("layer2.0.conv1", "layer2.0.bn1", 68, 175), ("layer2.0.conv2", "layer2.0.bn2", 64, 189),
        ("layer2.1.conv1", "layer2.1.bn1", 59, 220), ("layer2.1.conv2", "layer2.1.bn2", 55, 234),
        ("layer3.0.downsample.0", "layer3.0.downsample.1", 275, 279),
        ("layer3.0.conv1", "layer3.0.bn1", 50, 251), ("layer3.0.conv2", "layer3.0.bn2", 46, 265),
        ("layer3.1.conv1", "layer3.1.bn1", 41, 296), ("layer3.1.conv2", "layer3.1.bn2", 37, 310),
        ("layer4.0.downsample.0", "layer4.0.downsample.1", 351, 355),
        ("layer4.0.conv1", "layer4.0.bn1", 32, 327), ("layer4.0.conv2", "layer4.0.bn2", 28, 341),
        ("layer4.1.conv1", "layer4.1.bn1", 23, 372), ("layer4.1.conv2", "layer4.1.bn2", 19, 386),
        ("layer4.2.conv1", "layer4.2.bn1", 14, 403), ("layer4.2.conv2", "layer4.2.bn2", 10, 417));

    private readonly Conv2d _conv1;
    private readonly BatchNorm2d _bn1;
    private readonly Sequential[] _stages;

    public ResNet18()
    {
        _conv1 = Add("conv1", new Conv2d(3, 64, 7, stride: 2, bias: false));
        _bn1 = Add("bn1", new BatchNorm2d(64));
        _stages = new Sequential[Blocks.Length];
        long channels = 64;
        for (int k = 0; k < Blocks.Length; k++)
        {
            long width = 64L << k;
            var blocks = new Layer[Blocks[k]];
            for (int b = 0; b < blocks.Length; b++, channels = width)
                blocks[b] = new BasicBlock(channels, width, b == 0 && k > 0 ? 2 : 1);
            _stages[k] = Add($"layer{k + 1}", new Sequential(blocks));
        }
    }

    public static BackboneEntry Entry { get; } = BackboneEntry.Of<NoOptions>(
        "resnet18", "He et al., CVPR 2016; weights of Microsoft.ML.DnnImageFeaturizer.ResNet18", "ResNet18.onnx", [], _ => new ResNet18()) with
    {
        Rename = name => Names.GetValueOrDefault(name, name),
    };

    protected override Tensor Prepare(Tensor picture)
    {
        using var scope = TensorScope.Enter();
        var rgb = ImageNetRange.Apply(picture, Mean, [1 / 255.0, 1 / 255.0, 1 / 255.0]);
        return scope.Keep(Tensor.Cat([rgb.Narrow(1, 2, 1), rgb.Narrow(1, 1, 1), rgb.Narrow(1, 0, 1)], 1));
    }

    protected override IEnumerable<BackboneStep> Chain()
    {
        yield return new(x => Halving(x, 7, _conv1.Forward), "conv1");
        yield return new(_bn1.Forward, "bn1");
        yield return new(Functional.Relu, "relu");
        yield return new(x => Halving(x, 3, padded => Functional.MaxPool2d(padded, 3, 2, 0)), "maxpool"); // behind ReLU zeros change no maximum
        for (int k = 0; k < Blocks.Length; k++)
            for (int b = 0; b < Blocks[k]; b++)
            {
                string name = $"layer{k + 1}.{b}";
                yield return new(_stages[k].Layers[b].Forward, b == Blocks[k] - 1 ? [name, $"layer{k + 1}"] : [name]);
            }
    }

    private static Tensor Halving(Tensor input, long kernel, Func<Tensor, Tensor> layer)
    {
        long before = kernel / 2, right = before - 1 + (input.Size(3) % 2), bottom = before - 1 + (input.Size(2) % 2);
        using var padded = Functional.Pad(input, before, right, before, bottom, Padding.Zero);
        return layer(padded);
    }

    /// <summary>Two 3×3 convolutions with batch norm around a skip, which is a 1×1 convolution with batch norm where its shape changes.</summary>
    private sealed class BasicBlock : Layer
    {
        private readonly Conv2d _conv1, _conv2;
        private readonly BatchNorm2d _bn1, _bn2;
        private readonly Sequential? _downsample;
        private readonly bool _halves;

        public BasicBlock(long inChannels, long width, long stride)
        {
            _halves = stride == 2;
            _conv1 = Add("conv1", new Conv2d(inChannels, width, 3, stride, padding: _halves ? 0 : 1, bias: false));
            _bn1 = Add("bn1", new BatchNorm2d(width));
            _conv2 = Add("conv2", new Conv2d(width, width, 3, padding: 1, bias: false));
            _bn2 = Add("bn2", new BatchNorm2d(width));
            if (_halves)
                _downsample = Add("downsample", new Sequential(new Conv2d(inChannels, width, 1, stride, bias: false), new BatchNorm2d(width)));
        }

        public override Tensor Forward(Tensor input)
        {
            using var scope = TensorScope.Enter();
            var change = Functional.Relu(_bn1.Forward(_halves ? Halving(input, 3, _conv1.Forward) : _conv1.Forward(input)));
            change = _bn2.Forward(_conv2.Forward(change));
            return scope.Keep(Functional.Relu(change + (_downsample?.Forward(input) ?? input)));
        }
    }

    private sealed record NoOptions;

    private static Dictionary<string, string> Table(params (string Convolution, string Norm, int Weight, int Scale)[] parts) => parts
        .SelectMany(part => new[]
        {
            ($"Parameter{part.Weight}", $"{part.Convolution}.weight"), ($"Parameter{part.Scale}", $"{part.Norm}.weight"),
            ($"Parameter{part.Scale + 1}", $"{part.Norm}.bias"), ($"Constant{part.Scale + 2}", $"{part.Norm}.running_mean"),
            ($"Constant{part.Scale + 3}", $"{part.Norm}.running_var"),
        })
        .ToDictionary(pair => pair.Item1, pair => pair.Item2, StringComparer.Ordinal);
}
