using Unpress.Networks.Backbones;
using Unpress.Torch;

namespace Unpress.Losses;

/// <summary>
/// Σ_l w_l·mean |φ_l(a) − φ_l(b)|: distance of features instead of pixels (Johnson et al., ECCV 2016). Gray pictures are taken for RGB with
/// equal channels.
/// </summary>
/// <param name="backbone">φ, frozen. On the device of the pictures from the first use on.</param>
/// <param name="measure">Of features: absolute or squared differences.</param>
public sealed class PerceptualDistance(Backbone backbone, IReadOnlyList<FeatureLayer> layers, DistanceKind measure) : IDistance
{
    private static readonly Op Expand = Op.Find("aten::expand");

    private readonly string[] _names = [.. layers.Select(layer => layer.Name)];

    public Tensor PerImage(Tensor a, Tensor b) => PerImage(Features(a), Features(b));

    /// <summary>Of what <see cref="Features"/> found, for who compares one picture more than once: [N].</summary>
    public Tensor PerImage(IReadOnlyDictionary<string, Tensor> a, IReadOnlyDictionary<string, Tensor> b)
        => layers.Select(layer => PerImageOf(a[layer.Name], b[layer.Name]) * layer.Weight).Aggregate((sum, term) => sum + term);

    /// <summary>The features that are compared, by layer.</summary>
    public IReadOnlyDictionary<string, Tensor> Features(Tensor picture)
    {
        if (backbone.Parameters()[0].Device != picture.Device)
            backbone.To(picture.Device);
        var rgb = picture.Size(1) == 1 ? Expand.Call(picture, new long[] { -1, 3, -1, -1 }) : picture;
        return backbone.Features(rgb, _names);
    }

    /// <summary>Whether patches of the recipe's size reach the layers at all; asked with one.</summary>
    public IEnumerable<string> Conflicts(LossPlan plan)
    {
        long size = plan.Recipe.Data.Patch.Size;
        if (!Reaches(size))
            yield return $"patches of {size} pixels are too small for {string.Join(", ", _names)}: raise data.patch.size or take shallower layers";
    }

    private bool Reaches(long size)
    {
        using var noGrad = Autograd.NoGrad();
        using var scope = TensorScope.Enter();
        try
        {
            Features(Tensor.Zeros([1, 3, size, size], device: backbone.Parameters()[0].Device));
            return true;
        }
        catch (TorchException)
        {
            return false; // pooled away
        }
    }

    private Tensor PerImageOf(Tensor a, Tensor b)
    {
        var difference = a - b;
        return (measure == DistanceKind.L1 ? difference.Abs() : difference.Square()).Mean([1, 2, 3]);
    }
}
