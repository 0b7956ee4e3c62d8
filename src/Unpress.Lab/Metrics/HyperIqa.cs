using Unpress.Networks.Backbones;
using Unpress.Torch;
using Unpress.Torch.Nn;

namespace Unpress.Metrics;

/// <summary>HyperIQA as pyiqa runs it.</summary>
public sealed class HyperIqa : BlindNetworkMetric<HyperIqaNetwork>
{
    private const string Weights = "hyperiqa";

    public HyperIqa()
        : base(
            Weights, "Quality by a network that the picture's content writes, trained on KonIQ-10k; no reference", Promise,
            () => PublishedWeights.Fill(() => new HyperIqaNetwork(new ResNet50Options()), Weights))
    {
    }

    private static MetricContract Promise => new()
    {
        Direction = MetricDirection.HigherIsBetter,
        Colour = "RGB, (x − mean)/deviation of ImageNet in 0..1; gray as R = G = B",
        Border = "zeros beyond, as in ResNet-50; the far edges lie outside the crops",
        Window = "mean of 25 crops of 224×224, 5×5 from the top left; smaller pictures are enlarged (bilinear)",
        Range = "about 0..1; its authors' own scale is 0..100 on random crops",
        Decimals = 4,
        OnIdentical = null,
        Symmetric = false,
        MinSide = 32,
        Weights = [Weights],
        Source = "Su et al., CVPR 2020; pyiqa's weights and crops",
    };

    private protected override Tensor Score(HyperIqaNetwork network, Tensor picture) => network.Forward(picture);
}

/// <summary>
/// HyperIQA: Su, Yan, Zhu, Zhang, Ge, Sun, Zhang, "Blindly Assess Image Quality in the Wild Guided by a Self-Adaptive Hyper Network", CVPR 2020.
/// What the picture shows (ResNet-50's last layer) writes the weights of a small network, which judges how it looks (all four layers). As pyiqa
/// runs it: the mean over 25 crops of 224×224 from the top left.
/// </summary>
public sealed class HyperIqaNetwork : Module
{
    private const int Crop = 224, Grid = 5, Local = 16, Hyper = 112, LastPlaces = 7;

    private static readonly string[] Taps = ["layer1", "layer2", "layer3", "layer4"];
    private static readonly int[] Target = [224, 112, 56, 28, 14, 1];

    private readonly ResNet50 _backbone;
    private readonly Conv2d[] _narrow = new Conv2d[3];
    private readonly Linear[] _local = new Linear[4];
    private readonly Conv2d[] _hyper = new Conv2d[3];
    private readonly Conv2d[] _weights = new Conv2d[4];
    private readonly Linear _lastWeights;
    private readonly Linear[] _biases = new Linear[5];

    public HyperIqaNetwork(ResNet50Options options)
    {
        _backbone = Add("base_model", new ResNet50(options));
        long last = 32L * options.Width;
        for (int k = 0; k < 3; k++)
        {
            long side = 8L >> k, width = 16L << k;
            _narrow[k] = Add($"lda_modules.{k}.0", new Conv2d((long)options.Width << (k + 2), width, 1, bias: false));
            _local[k] = Add($"lda_modules.{k}.3", new Linear(width * side * side, Local));
        }

        _local[3] = Add("lda_modules.3.2", new Linear(last, Target[0] - (3 * Local)));
        long[] widths = [last, 1024, 512, Hyper];
        for (int k = 0; k < 3; k++)
            _hyper[k] = Add($"conv1.{2 * k}", new Conv2d(widths[k], widths[k + 1], 1));
        for (int k = 0; k < 4; k++)
            _weights[k] = Add($"fc_w_modules.{k}", Conv2d.Same(Hyper, Target[k] * Target[k + 1] / (LastPlaces * LastPlaces), 3));
        _lastWeights = Add("fc_w_modules.4.2", new Linear(Hyper, Target[4]));
        for (int k = 0; k < 5; k++)
            _biases[k] = Add($"fc_b_modules.{k}.2", new Linear(Hyper, Target[k + 1]));
    }

    /// <summary>The score of one picture [1, 3, H, W], RGB, 0..1: a scalar.</summary>
    public Tensor Forward(Tensor picture)
    {
        using var scope = TensorScope.Enter();
        var whole = Enlarged(picture);
        long stepDown = (whole.Size(2) - Crop) / Grid, stepRight = (whole.Size(3) - Crop) / Grid;
        var scores = new Tensor[Grid * Grid];
        for (int i = 0; i < scores.Length; i++)
            scores[i] = OfCrop(whole.Narrow(2, i / Grid * stepDown, Crop).Narrow(3, i % Grid * stepRight, Crop));
        return scope.Keep(Tensor.Stack(scores, 0).Mean());
    }

    // A smaller side of 224 or less becomes 225.
    private static Tensor Enlarged(Tensor picture)
    {
        long height = picture.Size(2), width = picture.Size(3), least = Math.Min(height, width);
        return least > Crop ? picture : Functional.Interpolate(picture, height * (Crop + 1) / least, width * (Crop + 1) / least, Interpolation.Bilinear);
    }

    private Tensor OfCrop(Tensor crop)
    {
        using var scope = TensorScope.Enter();
        var features = _backbone.Features(crop, Taps);
        var look = Tensor.Cat([.. Enumerable.Range(0, 4).Select(k => LocalPart(features[Taps[k]], k))], 1).Reshape(-1, 1);
        var content = _hyper.Aggregate(features[Taps[3]], (x, layer) => Functional.Relu(layer.Forward(x)));
        var pooled = content.Mean([2, 3]);
        for (int k = 0; k < 5; k++)
        {
            var weight = (k < 4 ? _weights[k].Forward(content) : _lastWeights.Forward(pooled)).Reshape(Target[k + 1], Target[k]);
            look = weight.MatMul(look) + _biases[k].Forward(pooled).Reshape(-1, 1);
            look = k < 4 ? look.Sigmoid() : look;
        }

        return scope.Keep(look);
    }

    private Tensor LocalPart(Tensor feature, int level)
    {
        var narrow = level < 3 ? _narrow[level].Forward(feature) : feature;
        return _local[level].Forward(Functional.AvgPool2d(narrow, LastPlaces, LastPlaces).Reshape(1, -1));
    }
}
