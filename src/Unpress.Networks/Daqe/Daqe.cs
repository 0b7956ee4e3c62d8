using Unpress.Torch;
using Unpress.Torch.Nn;

namespace Unpress.Networks;

/// <summary>
/// DAQE: Xing, Xu, Li, Guo, "DAQE: Enhancing the Quality of Compressed Images by Exploiting the Inherent Characteristic of Defocus", TPAMI 2023.
/// DENet estimates how much out of focus each patch is; patches are clustered by it; each cluster has a texture network (AGNet); QENet
/// enhances in levels of rising resolution, which blurred patches leave early and sharp ones pass to the end.
/// <para>
/// No code or weights are published, and we know the paper from its author's notes. Our readings: 3×3 convolutions; DENet is five of them
/// and a sigmoid, and learns from labels of its own (the loss of the picture gives it no gradient); clusters by one-dimensional k-means over the
/// patches of the picture (in training, of the batch), the patch nearest to the centre is the reference; patches of 128 pixels, 4 heads,
/// attention between cells of 8 pixels; the first level is guided by its own features, later ones by the level before. The clusters and
/// their references are found once for a whole picture. MSE, Adam 1e-4.
/// </para>
/// </summary>
public sealed class Daqe : Network
{
    private const string CentresKey = "daqe.centres";
    private const string ReferencesKey = "daqe.references";
    private const int DefocusLayers = 5;

    private readonly DaqeOptions _options;
    private readonly Sequential _defocus;
    private readonly TextureNet[] _textures;
    private readonly EnhancementLevel[] _levels;

    public Daqe(DaqeOptions options)
        : base(new NetworkFacts(options.Channels, Reach: options.Patch + DefocusLayers + 1, SizeMultiple: options.Patch))
    {
        options.Validate();
        _options = options;
        _defocus = Add("denet", new Sequential(
            [.. ConvStack.Active(options.Channels, options.Width, DefocusLayers).Layers, Conv2d.Same(options.Width, 1, 3)]));
        _textures = [.. Enumerable.Range(0, options.Clusters).Select(k => Add($"agnet.{k}", new TextureNet(options)))];
        _levels = [.. Enumerable.Range(0, options.Clusters).Select(k => Add($"qenet.{k}", new EnhancementLevel(options)))];
    }

    public static NetworkEntry Entry { get; } = NetworkEntry.Of<DaqeOptions>(
        "daqe", "DAQE: patches grouped by defocus, each with its textures and its share of the work", "Xing et al., TPAMI 2023", options => new Daqe(options));

    public override Conditions Survey(Tensor whole, Conditions given)
    {
        using var scope = TensorScope.Enter();
        var padded = Padded(whole);
        var patches = PatchGrid.Cut(padded, _options.Patch);
        var found = DefocusClusters.Of(patches, Defocus(padded), _options.Clusters);
        return given with
        {
            Global = new Dictionary<string, Tensor>(given.Global)
            {
                [CentresKey] = scope.Keep(Tensor.From(found.Centres, found.Centres.Length).To(whole.Device)),
                [ReferencesKey] = scope.Keep(found.References),
            },
        };
    }

    protected override Tensor Restore(Tensor input, Conditions conditions)
    {
        using var scope = TensorScope.Enter();
        var patches = PatchGrid.Cut(input, _options.Patch);
        double[] defocus = Defocus(input);
        var clusters = conditions.Global.TryGetValue(CentresKey, out var centres)
            ? new DefocusClusters(centres.To(DType.Float64).ToArray<double>(), conditions.Global[ReferencesKey])
            : DefocusClusters.Of(patches, defocus, _options.Clusters);
        int[] groups = clusters.Assign(defocus);
        var order = new List<long>();
        var enhanced = new List<Tensor>();
        for (int k = 0; k < _options.Clusters; k++)
        {
            long[] members = [.. Enumerable.Range(0, groups.Length).Where(at => groups[at] == k).Select(at => (long)at)];
            if (members.Length == 0)
                continue;
            order.AddRange(members);
            enhanced.Add(Enhance(PatchGrid.Take(patches, members), clusters.References.Narrow(0, k, 1), k));
        }

        long[] back = [.. Enumerable.Range(0, order.Count).OrderBy(at => order[at]).Select(at => (long)at)];
        return scope.Keep(PatchGrid.Join(PatchGrid.Take(Tensor.Cat([.. enhanced], 0), back), input.Size(2), input.Size(3)));
    }

    /// <summary>Patches of one cluster through its texture network and the levels up to its own.</summary>
    private Tensor Enhance(Tensor patches, Tensor reference, int cluster)
    {
        using var scope = TensorScope.Enter();
        var textures = _textures[cluster].Forward(patches, reference);
        Tensor? features = null;
        for (int level = 0; level <= cluster; level++)
        {
            long smaller = 1L << (_options.Clusters - 1 - level);
            features = _levels[level].Forward(smaller == 1 ? textures : Functional.AvgPool2d(textures, smaller, smaller), features);
        }

        var correction = _levels[cluster].Leave(features!);
        return scope.Keep(patches + Functional.Interpolate(correction, patches.Size(2), patches.Size(3), Interpolation.Bilinear));
    }

    /// <summary>The mean defocus, 0..1, of each patch.</summary>
    private double[] Defocus(Tensor pictures)
    {
        using var noGrad = Autograd.NoGrad();
        using var scope = TensorScope.Enter();
        var map = PatchGrid.Cut(_defocus.Forward(pictures).Sigmoid(), _options.Patch);
        if (map.Device == Device.Meta) // shapes without numbers: as if all were found
            return [.. Enumerable.Range(0, (int)map.Size(0)).Select(at => at / (double)map.Size(0))];
        return map.Mean([1, 2, 3]).To(DType.Float64).ToArray<double>();
    }
}
