using System.Text.Json.Nodes;
using Unpress.Networks.Importing;
using Unpress.Torch;
using Unpress.Torch.Nn;
using Unpress.Torch.Weights;

namespace Unpress.Networks.Backbones;

/// <summary>
/// A network trained to name what pictures show, used for what it sees on the way: its activations. [N, 3, H, W] RGB, 0..1 in; the
/// picture is brought to the network's own range inside. Classification heads are left out: their weights are known and passed over.
/// </summary>
public abstract class Backbone : Module
{
    private IReadOnlyList<BackboneStep>? _steps;

    /// <summary>Names that <see cref="Features"/> knows, in the order in which they are computed.</summary>
    public IEnumerable<string> Layers => Steps.SelectMany(step => step.Names);

    private IReadOnlyList<BackboneStep> Steps => _steps ??= [.. Chain()];

    /// <summary>
    /// The activations of the layers asked for, by name; nothing after the last of them is computed. The caller owns them.
    /// </summary>
    /// <exception cref="ArgumentException">Not an RGB picture, no layer asked for, or a layer that the network does not have.</exception>
    public IReadOnlyDictionary<string, Tensor> Features(Tensor picture, params IReadOnlyCollection<string> layers)
    {
        if (picture.Rank != 4 || picture.Size(1) != 3)
            throw new ArgumentException($"a backbone takes [N, 3, H, W], got [{string.Join(", ", picture.Shape)}]");
        var wanted = layers.ToHashSet(StringComparer.Ordinal);
        if (wanted.Count == 0)
            throw new ArgumentException("no layer is asked for");
        if (wanted.Except(Layers).FirstOrDefault() is { } unknown)
            throw new ArgumentException($"there is no layer '{unknown}'; there are {string.Join(", ", Layers)}");

        var found = new Dictionary<string, Tensor>(StringComparer.Ordinal);
        var current = Prepare(picture);
        bool kept = false;
        foreach (var step in Steps)
        {
            var next = step.Run(current);
            if (!kept)
                current.Dispose();
            var names = step.Names.Where(wanted.Contains).ToArray();
            foreach (string name in names)
                found[name] = name == names[0] ? next : next.Alias();
            (current, kept) = (next, names.Length > 0);
            if (found.Count == wanted.Count)
                break;
        }

        return found;
    }

    /// <summary>Evaluation mode, and no gradients for the weights; gradients by the picture still pass.</summary>
    public void Freeze()
    {
        Eval();
        foreach (var parameter in Parameters())
            parameter.RequiresGrad = false;
    }

    /// <summary>The picture in the range that the weights were trained with: a fresh tensor.</summary>
    protected abstract Tensor Prepare(Tensor picture);

    /// <summary>The network as a chain of steps, each on the result of the one before.</summary>
    protected abstract IEnumerable<BackboneStep> Chain();
}

/// <summary>One step of a backbone and the names that its result goes by. It returns a fresh tensor and leaves its input alone.</summary>
public sealed record BackboneStep(Func<Tensor, Tensor> Run, params string[] Names);

/// <summary>A backbone of the catalogue.</summary>
/// <param name="Name">Short name, as torchvision's.</param>
/// <param name="Paper">Where it comes from.</param>
/// <param name="WeightsFile">Name of the official file of weights; eight hex digits in it are the first of its SHA-256.</param>
/// <param name="Head">Prefixes of the entries of that file that belong to the classifier, which we leave out.</param>
public sealed record BackboneEntry(string Name, string Paper, string WeightsFile, IReadOnlyList<string> Head, Factory<Backbone> Factory)
{
    /// <summary>The name here of a tensor of that file; the same, where the file has torchvision's names.</summary>
    public Func<string, string>? Rename { get; init; }

    /// <summary>Builds the backbone with fresh weights; missing options take their defaults.</summary>
    /// <exception cref="ArgumentException">An option is unknown or out of range.</exception>
    public Backbone Create(JsonObject? options = null) => Factory.Create(options);

    /// <summary>The backbone with the weights of a file, frozen. Strict: only the classifier's entries may be left over.</summary>
    /// <exception cref="WeightsFormatException">The file does not fit.</exception>
    /// <param name="path">A file of weights.</param>
    /// <param name="options">Those that do not change the tensors.</param>
    public Backbone Load(string path, JsonObject? options = null)
    {
        using var file = ModelWeights.Open(path);
        var backbone = Create(options);
        try
        {
            var match = WeightMatcher.Match(file.Tensors, backbone.StateDict(), name => IsHead(name) ? null : Rename?.Invoke(name) ?? name);
            backbone.StateDict().Load(match.Faults == 0 ? match.Tensors : file.Tensors, path);
        }
        catch
        {
            backbone.Dispose();
            throw;
        }

        backbone.Freeze();
        return backbone;
    }

    public static BackboneEntry Of<TOptions>(string name, string paper, string weightsFile, string[] head, Func<TOptions, Backbone> create)
        where TOptions : class, new() => new(name, paper, weightsFile, head, Factory<Backbone>.Of($"backbone {name}", create));

    private bool IsHead(string name) => Head.Any(prefix => name.StartsWith(prefix, StringComparison.Ordinal));
}

/// <summary>
/// A backbone that is one chain of layers, torchvision's <c>features</c>: each layer goes by the field's name (conv1_1, relu1_1, pool1, …)
/// and by torchvision's (features.0, features.1, …).
/// </summary>
public abstract class SequentialBackbone : Backbone
{
    private readonly (string Name, Layer Layer)[] _layers;

    protected SequentialBackbone(IEnumerable<(string Name, Layer Layer)> layers)
    {
        _layers = [.. layers];
        Add("features", new Sequential([.. _layers.Select(entry => entry.Layer)]));
    }

    protected sealed override Tensor Prepare(Tensor picture) => ImageNetRange.Apply(picture);

    protected sealed override IEnumerable<BackboneStep> Chain()
        => _layers.Select((entry, k) => new BackboneStep(entry.Layer.Forward, entry.Name, $"features.{k}"));
}

/// <summary>Mean and deviation of ImageNet's colours, which torchvision's weights expect to be taken out.</summary>
public static class ImageNetRange
{
    private static readonly double[] Mean = [0.485, 0.456, 0.406];
    private static readonly double[] Deviation = [0.229, 0.224, 0.225];

    /// <summary>(x − mean) / deviation for each channel of [N, 3, H, W], 0..1.</summary>
    public static Tensor Apply(Tensor picture) => Apply(picture, Mean, Deviation);

    /// <summary>The same with the numbers of other training pictures.</summary>
    internal static Tensor Apply(Tensor picture, double[] mean, double[] deviation)
    {
        using var centre = Channels(mean, picture);
        using var spread = Channels(deviation, picture);
        using var centred = picture - centre;
        return centred / spread;
    }

    private static Tensor Channels(double[] numbers, Tensor like)
    {
        using var exact = Tensor.From(numbers, 1, 3, 1, 1);
        using var typed = exact.To(like.DType);
        return typed.To(like.Device);
    }
}
