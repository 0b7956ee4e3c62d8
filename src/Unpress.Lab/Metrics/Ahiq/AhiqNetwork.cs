using Unpress.Networks.Backbones;
using Unpress.Torch;
using Unpress.Torch.Nn;

namespace Unpress.Metrics;

/// <summary>
/// AHIQ: Lao, Gong, Shi, Yang, Wu, Wang, Xia, Yang, "Attentions Help CNNs See Better: Attention-based Hybrid Image Quality Assessment Network",
/// CVPR Workshops 2022. A vision transformer says where to look in ResNet-50's first stage. As pyiqa runs it: ImageNet's mean and deviation
/// taken out for both (the authors take 0.5), and the mean over the first 20 crops of a grid of 5×5 (the authors: over random ones).
/// </summary>
public sealed class AhiqNetwork : Module
{
    private const int Grid = 5, Crops = 20;

    private static readonly string[] Taps = ["layer1.0", "layer1.1", "layer1.2"];

    private readonly int _crop;
    private readonly AhiqFusion _fusion;
    private readonly AhiqRegressor _regressor;

    /// <param name="backbone">A ResNet-50 with weights; null for one without. This module owns it.</param>
    public AhiqNetwork(AhiqOptions options, ResNet50? backbone = null)
    {
        if (options.Crop % options.Patch != 0 || options.Width % options.Heads != 0 || options.Backbone.Blocks[0] != Taps.Length)
            throw new ArgumentException("whole patches in a crop, whole heads in a token, and three bottlenecks in the first stage");
        _crop = options.Crop;
        Backbone = Add("resnet50", backbone ?? new ResNet50(options.Backbone));
        Transformer = Add("vit", new VisionTransformer(options.Crop, options.Patch, options.Width, options.Heads, options.Blocks));
        long viewed = (long)options.Blocks * options.Width, channels = 4L * options.Backbone.Width * Taps.Length;
        _fusion = Add(FusionPart, new AhiqFusion(viewed, channels, 2L * options.Compared));
        _regressor = Add(RegressorPart, new AhiqRegressor(viewed + channels, options.Compared));
    }

    /// <summary>What the names of the parts begin with that AHIQ's own file holds.</summary>
    internal static string FusionPart => "deform_net";

    /// <inheritdoc cref="FusionPart"/>
    internal static string RegressorPart => "regressor";

    internal VisionTransformer Transformer { get; }

    private ResNet50 Backbone { get; }

    /// <summary>The score of one picture [1, 3, H, W] against its reference, RGB, 0..1, of crops' size or more: a scalar.</summary>
    public Tensor Forward(Tensor picture, Tensor reference)
    {
        using var scope = TensorScope.Enter();
        long down = (picture.Size(2) - _crop) / (Grid - 1), right = (picture.Size(3) - _crop) / (Grid - 1);
        var scores = new Tensor[Crops];
        for (int i = 0; i < Crops; i++)
            scores[i] = OfCrops(Cut(picture, i), Cut(reference, i));
        return scope.Keep(Tensor.Stack(scores, 0).Mean());

        Tensor Cut(Tensor whole, int i) => whole.Narrow(2, i / Grid * down, _crop).Narrow(3, i % Grid * right, _crop);
    }

    private Tensor OfCrops(Tensor picture, Tensor reference)
    {
        using var scope = TensorScope.Enter();
        var both = Tensor.Cat([picture, reference], 0);
        var view = Transformer.Forward(ImageNetRange.Apply(both));
        var seen = Backbone.Features(both, Taps);
        var features = Tensor.Cat([.. Taps.Select(tap => seen[tap])], 1);
        var offsets = _fusion.OffsetsOf(view.Narrow(0, 1, 1), features.Size(2), features.Size(3));
        var found = Tensor.Cat([view, _fusion.Forward(features, Tensor.Cat([offsets, offsets], 0))], 1);
        return scope.Keep(_regressor.Forward(found.Narrow(0, 0, 1), found.Narrow(0, 1, 1)));
    }
}
