using Unpress.Downloads;
using Unpress.Networks.Backbones;
using Unpress.Torch;
using Unpress.Torch.Nn;
using Unpress.Torch.Weights;

namespace Unpress.Metrics;

/// <summary>AHIQ as pyiqa runs it, with the backbones that its authors trained it on.</summary>
public sealed class Ahiq : PairNetworkMetric<AhiqNetwork>
{
    private const string Weights = "ahiq", Convolutions = "resnet50-a1", Transformer = "vit-b8";

    public Ahiq()
        : base("ahiq", "Quality against a reference by a transformer that says where a convolutional network looks, trained on PIPAL", Promise, Load)
    {
    }

    private static MetricContract Promise => new()
    {
        Direction = MetricDirection.HigherIsBetter,
        Colour = "RGB, (x − mean)/deviation of ImageNet in 0..1 (its authors take 0.5 and 0.5); gray as R = G = B",
        Border = "zeros beyond; the far edges may lie outside the crops",
        Window = "mean of 20 crops of 224×224, the first of 5×5 from the top left; its authors' crops are random",
        Range = "about 0..1",
        Decimals = 4,
        OnIdentical = null,
        Symmetric = false,
        MinSide = 224,
        Weights = [Weights, Convolutions, Transformer],
        Source = "Lao et al., CVPR Workshops 2022; pyiqa's crops and range, the backbones of timm 0.5.4",
    };

    private protected override Tensor Score(AhiqNetwork network, Tensor picture, Tensor reference) => network.Forward(picture, reference);

    private static AhiqNetwork Load()
    {
        string path = OfficialFiles.Require(Weights), transformer = OfficialFiles.Require(Transformer);
        var network = new AhiqNetwork(new AhiqOptions(), (ResNet50)ResNet50.Entry.Load(OfficialFiles.Require(Convolutions)));
        AugregWeights.Fill(network.Transformer, transformer);
        using var file = WeightFile.Open(path);
        foreach (string part in (string[])[AhiqNetwork.FusionPart, AhiqNetwork.RegressorPart])
            network.StateDict().Where(entry => entry.Name.StartsWith(part + '.', StringComparison.Ordinal))
                .Load(Inside(file, part), path);
        return network;
    }

    // Beside them lies the state of the optimiser.
    private static IEnumerable<StoredTensor> Inside(WeightFile file, string part)
    {
        string container = $"{part}_model_state_dict.";
        return file.Tensors.Where(tensor => tensor.Name.StartsWith(container, StringComparison.Ordinal))
            .Select(tensor => tensor.Renamed($"{part}.{tensor.Name[container.Length..]}"));
    }
}

/// <summary>Options of <see cref="AhiqNetwork"/>; the defaults are the published network.</summary>
public sealed record AhiqOptions
{
    /// <summary>Side of the crops, a multiple of the patches'.</summary>
    public int Crop { get; init; } = 224;

    /// <summary>Side of the transformer's patches.</summary>
    public int Patch { get; init; } = 8;

    /// <summary>Numbers in a token of the transformer.</summary>
    public int Width { get; init; } = 768;

    public int Heads { get; init; } = 12;

    /// <summary>Blocks of the transformer whose tokens are looked at: the first ones.</summary>
    public int Blocks { get; init; } = 5;

    /// <summary>Channels to which a picture's features are brought before pictures are compared.</summary>
    public int Compared { get; init; } = 256;

    /// <summary>Three bottlenecks in its first stage are looked at.</summary>
    public ResNet50Options Backbone { get; init; } = new();
}

/// <summary>
/// The first blocks of a vision transformer: Dosovitskiy et al., "An Image is Worth 16x16 Words", ICLR 2021, with timm's names. Pictures have one
/// size, since every place has its own embedding.
/// </summary>
internal sealed class VisionTransformer : Module
{
    private readonly Tensor _class, _places;
    private readonly Conv2d _patches;
    private readonly VisionBlock[] _blocks;

    public VisionTransformer(int side, int patch, int width, int heads, int blocks)
    {
        long across = side / patch;
        _class = AddParameter("cls_token", Tensor.Zeros([1, 1, width]));
        _places = AddParameter("pos_embed", Tensor.Zeros([1, (across * across) + 1, width]));
        _patches = Add("patch_embed.proj", new Conv2d(3, width, patch, stride: patch));
        _blocks = [.. Enumerable.Range(0, blocks).Select(k => Add($"blocks.{k}", new VisionBlock(width, heads)))];
    }

    /// <summary>[N, 3, S, S], in the range of its weights, to the tokens of every block side by side as a map: [N, blocks·width, S/P, S/P].</summary>
    public Tensor Forward(Tensor picture)
    {
        using var scope = TensorScope.Enter();
        var map = _patches.Forward(picture);
        long batch = map.Size(0), width = map.Size(1), places = map.Size(2) * map.Size(3);
        var tokens = map.Reshape(batch, width, places).Transpose(1, 2);
        var x = Tensor.Cat([Tensor.Zeros([batch, 1, width], tokens.DType) + _class, tokens], 1) + _places;
        var seen = new List<Tensor>();
        foreach (var block in _blocks)
        {
            x = block.Forward(x);
            seen.Add(x.Narrow(1, 1, places)); // without the class
        }

        return scope.Keep(Tensor.Cat([.. seen], 2).Transpose(1, 2).Reshape(batch, -1, map.Size(2), map.Size(3)));
    }
}

/// <summary>A block of <see cref="VisionTransformer"/>, normalised first. [N, T, E].</summary>
internal sealed class VisionBlock : Layer
{
    private const double Epsilon = 1e-6;

    private readonly LayerNorm _norm1, _norm2;
    private readonly Linear _queryKeyValue, _out, _first, _second;
    private readonly int _heads;

    public VisionBlock(long width, int heads)
    {
        _heads = heads;
        _norm1 = Add("norm1", new LayerNorm(width, Epsilon));
        _queryKeyValue = Add("attn.qkv", new Linear(width, 3 * width));
        _out = Add("attn.proj", new Linear(width, width));
        _norm2 = Add("norm2", new LayerNorm(width, Epsilon));
        _first = Add("mlp.fc1", new Linear(width, 4 * width));
        _second = Add("mlp.fc2", new Linear(4 * width, width));
    }

    public override Tensor Forward(Tensor input)
    {
        using var scope = TensorScope.Enter();
        long width = input.Size(2);
        var all = _queryKeyValue.Forward(_norm1.Forward(input));
        var x = input + _out.Forward(Attention.Of(all.Narrow(2, 0, width), all.Narrow(2, width, width), all.Narrow(2, 2 * width, width), _heads));
        return scope.Keep(x + _second.Forward(Functional.Gelu(_first.Forward(_norm2.Forward(x)))));
    }
}

/// <summary>
/// Google's weights of vision transformers (<c>.npz</c>) into ours. Theirs have inputs before outputs, heads as a dimension of their own, and
/// query, key and value apart.
/// </summary>
internal static class AugregWeights
{
    /// <exception cref="WeightsFormatException">Another file, or of a network of another size.</exception>
    public static void Fill(VisionTransformer network, string path)
    {
        using var file = WeightFile.Open(path);
        using var noGrad = Autograd.NoGrad();
        foreach (var (name, tensor) in network.StateDict())
        {
            using var scope = TensorScope.Enter();
            var found = Find(file, name);
            if (!found.Shape.AsSpan().SequenceEqual(tensor.Shape))
                throw new WeightsFormatException(
                    path, $"does not fit: {name} would be [{string.Join(",", found.Shape)}], expected [{string.Join(",", tensor.Shape)}]");
            tensor.Copy(found);
        }
    }

    private static Tensor Find(WeightFile file, string name)
    {
        string[] parts = name.Split('.');
        if (parts[0] != "blocks")
            return name switch
            {
                "cls_token" => Read("cls"),
                "pos_embed" => Read("Transformer/posembed_input/pos_embedding"),
                "patch_embed.proj.weight" => Read("embedding/kernel").Permute(3, 2, 0, 1),
                _ => Read("embedding/bias"),
            };
        string block = $"Transformer/encoderblock_{parts[1]}/", attention = block + "MultiHeadDotProductAttention_1/";
        string[] three = [.. new[] { "query", "key", "value" }.Select(part => attention + part)];
        bool bias = parts[^1] == "bias";
        return string.Join('.', parts[2..^1]) switch
        {
            "norm1" => Read(block + "LayerNorm_0/" + (bias ? "bias" : "scale")),
            "norm2" => Read(block + "LayerNorm_2/" + (bias ? "bias" : "scale")),
            "attn.qkv" => Tensor.Cat([.. three.Select(part => bias ? Read(part + "/bias").Reshape(-1) : Turned(part))], 0),
            "attn.proj" => bias ? Read(attention + "out/bias") : Joined(Read(attention + "out/kernel")),
            "mlp.fc1" => bias ? Read(block + "MlpBlock_3/Dense_0/bias") : Turned(block + "MlpBlock_3/Dense_0"),
            _ => bias ? Read(block + "MlpBlock_3/Dense_1/bias") : Turned(block + "MlpBlock_3/Dense_1"),
        };

        Tensor Read(string theirs) => file[theirs].ToTensor();

        // [in, …out] to [out, in].
        Tensor Turned(string theirs)
        {
            var kernel = Read(theirs + "/kernel");
            return kernel.Reshape(kernel.Size(0), -1).Transpose(0, 1);
        }

        // [heads, each, out] to [out, in].
        static Tensor Joined(Tensor kernel) => kernel.Reshape(-1, kernel.Size(kernel.Rank - 1)).Transpose(0, 1);
    }
}

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

/// <summary>A score of every place and how much it counts, out of the features of both pictures and their difference.</summary>
internal sealed class AhiqRegressor : Module
{
    private readonly Conv2d _down, _smooth1, _smooth2, _conv, _score, _attention;

    public AhiqRegressor(long channels, long compared)
    {
        _down = Add("down_channel", new Conv2d(channels, compared, 1));
        _smooth1 = Add("feat_smoothing.0", Conv2d.Same(3 * compared, 4 * compared, 3));
        _smooth2 = Add("feat_smoothing.2", Conv2d.Same(4 * compared, 2 * compared, 3));
        _conv = Add("conv1.0", Conv2d.Same(2 * compared, compared, 3));
        _attention = Add("conv_attent.0", new Conv2d(compared, 1, 1));
        _score = Add("conv.0", new Conv2d(compared, 1, 1));
    }

    /// <summary>[N, C, H, W] of a picture and of its reference to [N].</summary>
    public Tensor Forward(Tensor picture, Tensor reference)
    {
        using var scope = TensorScope.Enter();
        Tensor a = _down.Forward(picture), b = _down.Forward(reference);
        var x = _smooth2.Forward(Functional.Relu(_smooth1.Forward(Tensor.Cat([a - b, a, b], 1))));
        x = Functional.Relu(_conv.Forward(x));
        var weight = _attention.Forward(x).Sigmoid();
        return scope.Keep((_score.Forward(x) * weight).Sum([1, 2, 3]) / weight.Sum([1, 2, 3]));
    }
}

/// <summary>The convolutional features of a picture, looked up where the transformer's view of the reference says, in the transformer's resolution.</summary>
internal sealed class AhiqFusion : Module
{
    private const int Offsets = 18;

    private readonly Conv2d _offset, _conv1, _conv2;
    private readonly DeformableConv2d _deform;

    /// <param name="viewed">Channels of the transformer's map.</param>
    /// <param name="channels">Channels of the convolutional features.</param>
    /// <param name="inner">Channels on the way.</param>
    public AhiqFusion(long viewed, long channels, long inner)
    {
        _offset = Add("conv_offset", Conv2d.Same(viewed, Offsets, 3));
        _deform = Add("deform", new DeformableConv2d(channels, channels));
        _conv1 = Add("conv1.0", new Conv2d(channels, inner, 3, stride: 2, padding: 1));
        _conv2 = Add("conv1.2", Conv2d.Same(inner, channels, 3));
    }

    /// <summary>What <see cref="Forward"/> takes, out of the transformer's map of the reference.</summary>
    /// <param name="view">[N, viewed, h, w].</param>
    public Tensor OffsetsOf(Tensor view, long height, long width)
    {
        using var scope = TensorScope.Enter();
        return scope.Keep(_offset.Forward(Functional.Interpolate(view, height, width, Interpolation.Nearest)));
    }

    /// <summary>[N, C, H, W] to [N, C, H/2, W/2].</summary>
    public Tensor Forward(Tensor features, Tensor offsets)
    {
        using var scope = TensorScope.Enter();
        return scope.Keep(_conv2.Forward(Functional.Relu(_conv1.Forward(_deform.Forward(features, offsets)))));
    }
}

/// <summary>
/// A 3×3 convolution whose nine taps are moved, at every place by offsets of its own: Dai et al., "Deformable Convolutional Networks", ICCV 2017,
/// eq. 2, as in torchvision. Between pixels bilinear, zeros beyond the border.
/// </summary>
internal sealed class DeformableConv2d : Module
{
    private const int Side = 3;

    private static readonly Op SampleOp = Op.Find("aten::grid_sampler");

    private readonly Tensor _weight, _bias;

    public DeformableConv2d(long inChannels, long outChannels)
    {
        _weight = AddParameter("weight", Tensor.Zeros([outChannels, inChannels, Side, Side]));
        _bias = AddParameter("bias", Tensor.Zeros([outChannels]));
    }

    /// <param name="input">[N, C, H, W].</param>
    /// <param name="offsets">[N, 18, H, W]: down and right for each tap, row by row, in pixels.</param>
    public Tensor Forward(Tensor input, Tensor offsets)
    {
        using var scope = TensorScope.Enter();
        long height = input.Size(2), width = input.Size(3);
        var rows = Ramp(height, input).Reshape(1, height, 1);
        var columns = Ramp(width, input).Reshape(1, 1, width);
        Tensor? sum = null;
        for (int k = 0; k < Side * Side; k++)
        {
            using var tap = TensorScope.Enter();
            var down = Offset(2 * k) + rows + ((k / Side) - 1);
            var right = Offset((2 * k) + 1) + columns + ((k % Side) - 1);
            // −1 and 1 are the middles of the outermost pixels.
            var grid = Tensor.Stack([(right * (2.0 / (width - 1))) - 1, (down * (2.0 / (height - 1))) - 1], 3);
            const int bilinear = 0, zeros = 0;
            var moved = SampleOp.Call(input, grid, bilinear, zeros, true);
            var part = Functional.Conv2d(moved, _weight.Narrow(2, k / Side, 1).Narrow(3, k % Side, 1), k == 0 ? _bias : null);
            sum = tap.Keep(sum is null ? part : sum + part);
        }

        return scope.Keep(sum!);

        Tensor Offset(int channel) => offsets.Narrow(1, channel, 1).Squeeze(1);
    }

    private static Tensor Ramp(long length, Tensor like)
        => Tensor.From([.. Enumerable.Range(0, (int)length).Select(i => (double)i)], length).To(like.DType);
}
