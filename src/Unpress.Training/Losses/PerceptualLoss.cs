using System.Collections.Concurrent;
using System.Security.Cryptography;
using Unpress.Networks;
using Unpress.Networks.Backbones;
using Unpress.Recipes;
using Unpress.Torch;
using Unpress.Torch.Weights;

namespace Unpress.Losses;

/// <summary>Distance of the features of f(x) from those of y, see <see cref="PerceptualDistance"/>.</summary>
public sealed class PerceptualLoss(FeatureOptions options) : ILossTerm
{
    private readonly PerceptualDistance _distance = FeatureSource.Open(options).Distance(options);

    public static LossEntry Entry { get; } = new(
        "perceptual", "difference of the features of a recognition network", section => new PerceptualLoss(section.Read<FeatureOptions>()));

    public string? Provenance => FeatureSource.Open(options).Description;

    public IEnumerable<string> Conflicts(LossPlan plan) => _distance.Conflicts(plan);

    public Tensor Evaluate(LossInput step) => _distance.PerImage(_distance.Features(step.Enhanced), _distance.Features(step.Raw)).Mean();
}

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

/// <summary>
/// max(0, D_CR − D_CE) with D_CR = d(ψ(y), ψ(x)) and D_CE = d(ψ(f(x)), ψ(x)): pushes the enhanced picture away from the compressed one while
/// it is nearer to that than the raw picture is. L_R of "Enhancing Quality of Compressed Images by Mitigating Enhancement Bias Towards
/// Compression Domain", CVPR 2024. Our readings: the maximum is taken picture by picture, and ψ is conv5_4 of VGG-19, which the paper leaves
/// open.
/// </summary>
public sealed class DivergenceLoss(FeatureOptions options) : ILossTerm
{
    private readonly PerceptualDistance _distance = FeatureSource.Open(options).Distance(options);

    public static LossEntry Entry { get; } = new(
        "divergence", "away from the compressed picture (bias mitigation)", section => new DivergenceLoss(section.Read<FeatureOptions>()));

    public string? Provenance => FeatureSource.Open(options).Description;

    public IEnumerable<string> Conflicts(LossPlan plan) => _distance.Conflicts(plan);

    public Tensor Evaluate(LossInput step)
    {
        var compressed = _distance.Features(step.Compressed);
        var wanted = _distance.PerImage(_distance.Features(step.Raw), compressed).Detach();
        return Functional.Relu(wanted - _distance.PerImage(_distance.Features(step.Enhanced), compressed)).Mean();
    }
}

/// <summary>Whose features a loss compares, and which.</summary>
public record FeatureOptions : IHasFaults
{
    /// <summary>Name in the catalog of backbones: vgg19 or vgg16 in the papers.</summary>
    public string Backbone { get; init; } = "vgg19";

    /// <summary>
    /// torchvision's file of the backbone, or a model file of our own encoder network, the stand-in for where that file cannot be had. No
    /// default: what a perceptual loss compares must be known.
    /// </summary>
    public string Weights { get; init; } = "";

    /// <summary>Left out: conv5_4 of vgg19 before its ReLU, as SRGAN's and ESRGAN's descendants have it.</summary>
    public IReadOnlyList<FeatureLayer> Layers { get; init; } = [new() { Name = "conv5_4" }];

    /// <summary>How features are compared: means of absolute or of squared differences.</summary>
    public DistanceKind Measure { get; init; } = DistanceKind.L1;

    public IEnumerable<string> Faults()
    {
        if (Weights.Length == 0)
            yield return "weights is missing";
        if (Layers.Count == 0)
            yield return "layers is empty";
        if (Measure == DistanceKind.Perceptual)
            yield return "measure is perceptual, must be l1 or l2";
    }
}

/// <summary>A layer whose features are compared, by the backbone's name for it, and its weight.</summary>
public sealed record FeatureLayer
{
    public required string Name { get; init; }

    public double Weight { get; init; } = 1;
}

/// <summary>A backbone with weights, and an honest word on whose they are. Loaded once for all terms of a process.</summary>
public sealed class FeatureSource
{
    private static readonly ConcurrentDictionary<(string Backbone, string Path, DateTime Written), FeatureSource> Opened = new();

    private readonly Backbone _backbone;

    private FeatureSource(Backbone backbone, string description)
    {
        _backbone = backbone;
        Description = description;
    }

    /// <summary>Such as "vgg19, torchvision's weights" or "stand-in for vgg19: encoder, trained by us".</summary>
    public string Description { get; }

    /// <exception cref="RecipeException">The file is absent, does not fit, or lacks a layer that is asked for.</exception>
    public static FeatureSource Open(FeatureOptions options)
    {
        string path = Path.GetFullPath(options.Weights);
        if (!File.Exists(path))
            throw new RecipeException([$"features.weights: {options.Weights} does not exist{(RecipeIndex.RunOf(options.Weights) is null ? "; torchvision's file or a model file of network 'encoder' is expected" : RecipeIndex.Advice(options.Weights))}"]);
        try
        {
            var source = Opened.GetOrAdd((options.Backbone, path, File.GetLastWriteTimeUtc(path)), key => Load(key.Backbone, key.Path));
            var layers = source._backbone.Layers.ToHashSet(StringComparer.Ordinal);
            if (options.Layers.FirstOrDefault(layer => !layers.Contains(layer.Name)) is { } unknown)
                throw new RecipeException([$"features.layers: {options.Backbone} has no layer '{unknown.Name}'"]);
            return source;
        }
        catch (Exception e) when (e is WeightsFormatException or ArgumentException)
        {
            throw new RecipeException([$"features.weights: {e.Message}"]);
        }
    }

    public PerceptualDistance Distance(FeatureOptions options) => new(_backbone, options.Layers, options.Measure);

    private static FeatureSource Load(string name, string path)
    {
        var entry = BackboneCatalog.Find(name);
        string? network;
        using (var file = ModelWeights.Open(path))
            network = file.Metadata.GetValueOrDefault(ModelFile.NetworkKey);
        if (network is null)
            return new FeatureSource(entry.Load(path),
                IsOfficial(entry, path) ? $"{name}, torchvision's weights" : $"{name}, weights of {Path.GetFileName(path)}");
        var model = ModelFile.Load(path);
        if (model.Network is not FeatureEncoder encoder)
            throw new WeightsFormatException(path, $"holds a {network}, from which no features can be taken; an encoder is expected");
        encoder.Backbone.Freeze();
        return new FeatureSource(
            encoder.Backbone, $"stand-in for {name}: {model.Metadata.GetValueOrDefault("recipe", network)}, trained by us on our own pictures");
    }

    // torchvision names its files after the first digits of their SHA-256.
    private static bool IsOfficial(BackboneEntry entry, string path)
    {
        string digits = Path.GetFileNameWithoutExtension(entry.WeightsFile).Split('-')[^1];
        using var stream = File.OpenRead(path);
        return Sha256.Of(stream).StartsWith(digits, StringComparison.Ordinal);
    }
}
