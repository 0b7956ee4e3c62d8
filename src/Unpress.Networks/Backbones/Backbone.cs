using Unpress.Torch;
using Unpress.Torch.Nn;

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
