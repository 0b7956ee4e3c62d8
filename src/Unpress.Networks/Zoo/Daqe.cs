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
        : base(new NetworkFacts(options.Channels, ReceptiveField: options.Patch + DefocusLayers + 1, SizeMultiple: options.Patch))
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
                [CentresKey] = scope.Keep(found.Centres.To(DType.Float32)),
                [ReferencesKey] = scope.Keep(found.References),
            },
        };
    }

    protected override Tensor Restore(Tensor input, Conditions conditions)
    {
        using var scope = TensorScope.Enter();
        var patches = PatchGrid.Cut(input, _options.Patch);
        var defocus = Defocus(input);
        var clusters = conditions.Global.TryGetValue(CentresKey, out var centres)
            ? new DefocusClusters(centres.To(DType.Float64), conditions.Global[ReferencesKey])
            : DefocusClusters.Of(patches, defocus, _options.Clusters);
        var groups = defocus.Device.IsMeta ? defocus : clusters.Assign(defocus);
        var order = new List<Tensor>();
        var enhanced = new List<Tensor>();
        for (int k = 0; k < _options.Clusters; k++)
        {
            var members = DefocusClusters.Members(groups, k, _options.Clusters);
            if (members.Size(0) == 0 && !Op.IsObserved)
                continue;
            order.Add(members);
            enhanced.Add(Enhance(PatchGrid.Take(patches, members), clusters.References.Narrow(0, k, 1), k));
        }

        var places = DefocusClusters.Places(Tensor.Cat([.. order], 0));
        return scope.Keep(PatchGrid.Join(PatchGrid.Take(Tensor.Cat([.. enhanced], 0), places), input.Size(2), input.Size(3)));
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

    /// <summary>The mean defocus, 0..1, of each patch, in float64.</summary>
    private Tensor Defocus(Tensor pictures)
    {
        using var noGrad = Autograd.NoGrad();
        using var scope = TensorScope.Enter();
        return scope.Keep(PatchGrid.Cut(_defocus.Forward(pictures).Sigmoid(), _options.Patch).Mean([1, 2, 3]).To(DType.Float64));
    }
}

/// <summary>Chains of 3×3 convolutions of one width, as DAQE has them.</summary>
internal static class ConvStack
{
    /// <summary>Each with a ReLU behind it.</summary>
    public static Sequential Active(long inside, long width, int count)
        => new([.. Enumerable.Range(0, count).SelectMany(k => new Layer[] { Conv2d.Same(k == 0 ? inside : width, width, 3), new Relu() })]);

    /// <summary>Two with a ReLU and one without.</summary>
    public static Sequential Plain(long inside, long width)
        => new(Conv2d.Same(inside, width, 3), new Relu(), Conv2d.Same(width, width, 3), new Relu(), Conv2d.Same(width, width, 3));
}

/// <summary>DAQE's modulation: features from one stack, multiplied by those of a second and with those of a third added.</summary>
internal sealed class Modulation : Module
{
    private readonly Sequential _features, _scale, _shift;

    public Modulation(long inside, long guide, long width)
    {
        _features = Add("in", ConvStack.Plain(inside, width));
        _scale = Add("gamma", ConvStack.Plain(guide, width));
        _shift = Add("beta", ConvStack.Plain(guide, width));
    }

    /// <param name="guide">What the second and the third stack look at; the same size.</param>
    public Tensor Forward(Tensor input, Tensor guide)
    {
        using var scope = TensorScope.Enter();
        return scope.Keep((_features.Forward(input) * _scale.Forward(guide)) + _shift.Forward(guide));
    }
}

/// <summary>Pictures as square patches side by side.</summary>
internal static class PatchGrid
{
    private static readonly Op Select = Op.Find("aten::index_select");

    /// <summary>[N, C, H, W] to [N·rows·columns, C, side, side], row by row.</summary>
    public static Tensor Cut(Tensor pictures, long side)
    {
        var (n, c, rows, columns) = (pictures.Size(0), pictures.Size(1), pictures.Size(2) / side, pictures.Size(3) / side);
        return pictures.Reshape(n, c, rows, side, columns, side).Permute(0, 2, 4, 1, 3, 5).Reshape(-1, c, side, side);
    }

    /// <summary>The inverse of <see cref="Cut"/>.</summary>
    public static Tensor Join(Tensor patches, long height, long width)
    {
        var (c, side) = (patches.Size(1), patches.Size(2));
        return patches.Reshape(-1, height / side, width / side, c, side, side).Permute(0, 3, 1, 4, 2, 5).Reshape(-1, c, height, width);
    }

    /// <summary>The entries of those numbers along the first dimension.</summary>
    public static Tensor Take(Tensor entries, Tensor numbers) => Select.Call(entries, 0, numbers);
}

/// <summary>Options of <see cref="Daqe"/>.</summary>
public sealed record DaqeOptions
{
    /// <summary>1 (gray) or 3 (RGB).</summary>
    public int Channels { get; init; } = 3;

    /// <summary>Channels inside.</summary>
    public int Width { get; init; } = 32;

    /// <summary>Groups of patches by defocus, and levels of enhancement: 2 to 4.</summary>
    public int Clusters { get; init; } = 3;

    /// <summary>Side of a patch in pixels, a multiple of 8.</summary>
    public int Patch { get; init; } = 128;

    /// <summary>Heads of the attention to the reference patch; they divide Width.</summary>
    public int Heads { get; init; } = 4;

    /// <exception cref="ArgumentException">An option is out of range.</exception>
    public void Validate()
    {
        Require.Channels(Channels);
        Require.Width(Width);
        Require.Within(Clusters, 2, 4);
        Require.Within(Patch, 8, 1024);
        if (Patch % 8 != 0)
            throw new ArgumentException($"patch is {Patch}, must be a multiple of 8");
        if (Heads < 1 || Width % Heads != 0)
            throw new ArgumentException($"heads is {Heads}, must divide width ({Width})");
    }
}

/// <summary>One level of DAQE's QENet: five convolutions, a modulation by the level before, ten convolutions, and a way out.</summary>
internal sealed class EnhancementLevel : Module
{
    private readonly Sequential _head, _body;
    private readonly Modulation _context;
    private readonly Conv2d _tail;

    public EnhancementLevel(DaqeOptions options)
    {
        long width = options.Width;
        _head = Add("head", ConvStack.Active(2 * width, width, 5));
        _context = Add("context", new Modulation(width, width, width));
        _body = Add("body", ConvStack.Active(width, width, 10));
        _tail = Add("out", Conv2d.Same(width, options.Channels, 3));
    }

    /// <param name="textures">[M, 2·width, p, p], at the level's resolution.</param>
    /// <param name="before">[M, width, p/2, p/2], the features of the level before; null at the first, which is guided by its own.</param>
    /// <returns>[M, width, p, p].</returns>
    public Tensor Forward(Tensor textures, Tensor? before)
    {
        using var scope = TensorScope.Enter();
        var features = _head.Forward(textures);
        var guide = before is null
            ? features
            : Functional.Interpolate(before, features.Size(2), features.Size(3), Interpolation.Bilinear);
        return scope.Keep(_body.Forward(_context.Forward(features, guide)));
    }

    /// <summary>The correction at this level's resolution, [M, C, p, p].</summary>
    public Tensor Leave(Tensor features) => _tail.Forward(features);
}

/// <summary>
/// DAQE's texture modelling (AGNet) for one cluster: local features by modulation, beside them what attention finds in the cluster's reference
/// patch. Attention goes between cells of a sixteenth of the patch's side, the means of their features.
/// </summary>
internal sealed class TextureNet : Module
{
    private readonly Modulation _local;
    private readonly Linear _query, _key, _value, _output;
    private readonly long _width, _heads, _cell;

    public TextureNet(DaqeOptions options)
    {
        (_width, _heads, _cell) = (options.Width, options.Heads, Math.Max(1, options.Patch / 16));
        _local = Add("local", new Modulation(options.Channels, options.Channels, _width));
        _query = Add("query", new Linear(_width, _width));
        _key = Add("key", new Linear(_width, _width));
        _value = Add("value", new Linear(_width, _width));
        _output = Add("output", new Linear(_width, _width));
    }

    /// <param name="patches">[M, C, P, P].</param>
    /// <param name="reference">[1, C, P, P].</param>
    /// <returns>[M, 2·width, P, P].</returns>
    public Tensor Forward(Tensor patches, Tensor reference)
    {
        using var scope = TensorScope.Enter();
        var local = _local.Forward(patches, patches);
        var cells = Cells(local);
        var known = Cells(_local.Forward(reference, reference));
        var scores = Split(_query.Forward(cells)).MatMul(Split(_key.Forward(known)).Transpose(2, 3)) / Math.Sqrt((double)_width / _heads);
        var found = Functional.Softmax(scores, 3).MatMul(Split(_value.Forward(known)));
        long side = patches.Size(2) / _cell;
        var joined = _output.Forward(found.Transpose(1, 2).Reshape(patches.Size(0), side * side, _width));
        var global = joined.Transpose(1, 2).Reshape(patches.Size(0), _width, side, side);
        return scope.Keep(Tensor.Cat([local, Functional.Interpolate(global, patches.Size(2), patches.Size(3), Interpolation.Nearest)], 1));
    }

    // [M, width, P, P] to [M, cells, width].
    private Tensor Cells(Tensor features)
        => Functional.AvgPool2d(features, _cell, _cell).Reshape(features.Size(0), _width, -1).Transpose(1, 2);

    // [M, cells, width] to [M, heads, cells, width / heads].
    private Tensor Split(Tensor tokens) => tokens.Reshape(tokens.Size(0), tokens.Size(1), _heads, _width / _heads).Transpose(1, 2);
}

/// <summary>
/// Groups of patches by how much out of focus they are, the blurriest first. Made of operators alone: a graph can follow them.
/// </summary>
/// <param name="Centres">[K] in float64, defocus 0..1, falling.</param>
/// <param name="References">[K, C, P, P], of each group the patch nearest to its centre.</param>
internal sealed record DefocusClusters(Tensor Centres, Tensor References)
{
    private const int Rounds = 20;

    private static readonly Op Sort = Op.Find("aten::sort");
    private static readonly Op SortOrder = Op.Find("aten::argsort");
    private static readonly Op Times = Op.Find("aten::mul.Scalar");
    private static readonly Op DividedBy = Op.Find("aten::floor_divide.Scalar");
    private static readonly Op Select = Op.Find("aten::index_select");
    private static readonly Op Least = Op.Find("aten::argmin");
    private static readonly Op Same = Op.Find("aten::eq.Tensor");
    private static readonly Op SameNumber = Op.Find("aten::eq.Scalar");
    private static readonly Op NonZero = Op.Find("aten::nonzero");

    /// <summary>One-dimensional k-means that begins at evenly spaced ranks.</summary>
    /// <param name="patches">[M, C, P, P].</param>
    /// <param name="defocus">[M] in float64.</param>
    public static DefocusClusters Of(Tensor patches, Tensor defocus, int count)
    {
        using var scope = TensorScope.Enter();
        if (defocus.Device.IsMeta) // shapes without numbers
            return new DefocusClusters(defocus, scope.Keep(Tensor.Cat([.. Enumerable.Repeat(patches.Narrow(0, 0, 1), count)], 0)));
        var range = Tensor.Range(count, defocus.Device);
        var odd = range + range + Tensor.Ones([count], DType.Int64, defocus.Device);
        var ranks = DividedBy.Call(Times.Call(odd, defocus.Size(0)), 2L * count);
        var centres = Select.Call(Sort.CallMany(defocus, 0, true)[0]!, 0, ranks);
        for (int round = 0; round < Rounds; round++)
            centres = Moved(centres, defocus, count);
        return new DefocusClusters(scope.Keep(centres), scope.Keep(Select.Call(patches, 0, Nearest(Apart(defocus, centres), 0))));
    }

    /// <summary>The number of each patch's group, [M].</summary>
    public Tensor Assign(Tensor defocus) => Nearest(Apart(defocus, Centres), 1);

    /// <summary>The numbers of a group's patches, rising.</summary>
    public static Tensor Members(Tensor groups, int group, int count)
    {
        if (!groups.Device.IsMeta)
            return NonZero.Call(SameNumber.Call(groups, (long)group)).Reshape(-1);
        long all = groups.Size(0); // shapes without numbers: as if all groups were alike
        return Tensor.Zeros([((group + 1) * all / count) - (group * all / count)], DType.Int64, groups.Device);
    }

    /// <summary>Where each number is in a list of all of them.</summary>
    public static Tensor Places(Tensor order) => order.Device.IsMeta ? order.Alias() : SortOrder.Call(order, 0, false);

    /// <summary>Each centre to the mean of what is nearest to it; one to which nothing is stays.</summary>
    private static Tensor Moved(Tensor centres, Tensor defocus, int count)
    {
        var nearest = Nearest(Apart(defocus, centres), 1);
        var isMember = Same.Call(nearest.Unsqueeze(1), Tensor.Range(count, defocus.Device).Unsqueeze(0)).To(DType.Float64);
        var members = isMember.Sum([0]);
        var alone = 1 - members.Clamp(0, 1);
        return ((isMember * defocus.Unsqueeze(1)).Sum([0]) + (alone * centres)) / members.ClampMin(1);
    }

    /// <summary>[M, K].</summary>
    private static Tensor Apart(Tensor defocus, Tensor centres) => (defocus.Unsqueeze(1) - centres.Unsqueeze(0)).Abs();

    private static Tensor Nearest(Tensor distances, int dimension) => Least.Call(distances, dimension, false);
}
