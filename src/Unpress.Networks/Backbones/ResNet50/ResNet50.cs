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
