using System.Text.Json.Nodes;
using Unpress.Networks.Backbones;
using Unpress.Networks.Discriminators;
using Unpress.Torch;
using Unpress.Torch.Nn;

namespace Unpress.Networks.Profiling;

/// <summary>
/// Counts parameters, shapes and operations of any module. Meant for modules made under <see cref="ShapesOnly"/>, where neither making nor
/// running costs time or memory. An operator belongs to the module whose parameter it uses; one that uses none (the products of attention)
/// to the parent of the module that came before it.
/// </summary>
public static class Profiler
{
    /// <param name="run">Runs the module once.</param>
    public static LayerProfile Measure(string name, Module root, Action run)
    {
        var owners = new Dictionary<Tensor, Node>(ReferenceEqualityComparer.Instance);
        var trained = new HashSet<Tensor>(root.Parameters(), ReferenceEqualityComparer.Instance);
        var node = Node.Of(name, root, null);
        var byPath = node.Paths().ToDictionary(entry => entry.Path, entry => entry.Node);
        foreach (var (path, tensor) in root.NamedParameters().Concat(root.NamedBuffers()))
            owners.TryAdd(tensor, byPath[path.Contains('.') ? path[..path.LastIndexOf('.')] : ""]);
        foreach (var (tensor, owner) in owners)
            owner.Parameters += trained.Contains(tensor) ? tensor.Count : 0;

        var last = node;
        using (Op.Observe(See))
            run();
        return node.ToProfile();

        void See(Op op, ReadOnlySpan<Value> arguments, Tensor result)
        {
            Node? owner = null;
            bool isTrained = false;
            foreach (ref readonly var argument in arguments)
            {
                if (argument.Tensor is not { } tensor || !owners.TryGetValue(tensor, out var found))
                    continue;
                (owner, isTrained) = (found, isTrained || trained.Contains(tensor));
            }

            if (owner is not null)
            {
                last = owner;
                owner.Output = result.Shape;
            }

            (owner ?? last.Parent ?? last).Work += WorkOfOp.Of(op, arguments, result, isTrained);
        }
    }

    private sealed class Node(string name, string type, Node? parent)
    {
        public Node? Parent => parent;

        public long Parameters { get; set; }

        public long[]? Output { get; set; }

        public Work Work { get; set; }

        private List<Node> Children { get; } = [];

        public static Node Of(string name, Module module, Node? parent)
        {
            var node = new Node(name, module.GetType().Name, parent);
            foreach (var (childName, child) in module.Children)
                node.Children.Add(Of(childName, child, node));
            return node;
        }

        public IEnumerable<(string Path, Node Node)> Paths(string path = "")
            => Children.SelectMany(child => child.Paths(path.Length == 0 ? child.Name : $"{path}.{child.Name}")).Prepend((path, this));

        public LayerProfile ToProfile()
        {
            LayerProfile[] children = [.. Children.Select(child => child.ToProfile())];
            return new LayerProfile(
                Name, type, Parameters + children.Sum(child => child.Parameters), Output,
                children.Aggregate(Work, (sum, child) => sum + child.Work), children);
        }

        private string Name => name;
    }
}

/// <summary>A module of a network with what is inside it.</summary>
/// <param name="Name">Its name in its parent; the first part of its tensors' names.</param>
/// <param name="Type">Its class.</param>
/// <param name="Parameters">Trained numbers, those of its children included; shared ones count where they come first.</param>
/// <param name="Output">The shape of what it last returned; null where nothing with parameters ran.</param>
/// <param name="Work">Of one run, children included.</param>
public sealed record LayerProfile(
    string Name, string Type, long Parameters, long[]? Output, Work Work, IReadOnlyList<LayerProfile> Children);

/// <summary>What a network of the catalogue costs for one picture, found without numbers or memory.</summary>
/// <param name="Facts">What the network says of itself.</param>
/// <param name="Layers">The tree of its modules; its root holds the sums.</param>
/// <param name="Global">A part of it looks at the whole picture.</param>
/// <param name="Height">Of the picture, in pixels.</param>
/// <param name="Width">Of the picture, in pixels.</param>
public sealed record NetworkProfile(NetworkFacts Facts, LayerProfile Layers, bool Global, int Height, int Width)
{
    /// <summary>The size that papers give operations for.</summary>
    public const int UsualSide = 512;

    /// <summary>Pixels a side that one output pixel sees, <see cref="Global"/> parts aside.</summary>
    public int ReceptiveField => (2 * Facts.ReceptiveField) + 1;

    /// <exception cref="ArgumentException">An option is unknown or out of range.</exception>
    public static NetworkProfile Of(NetworkEntry entry, JsonObject? options = null, int height = UsualSide, int width = UsualSide)
    {
        using var shapes = ShapesOnly.Enter();
        using var noGrad = Autograd.NoGrad();
        using var scope = TensorScope.Enter();
        using var network = entry.Create(options);
        network.Eval();
        var conditions = Conditions.Blank(network.Facts, height, width);
        Tensor Picture() => Tensor.Zeros([1, network.Facts.Channels, height, width]);
        var layers = Profiler.Measure(entry.Name, network, () => network.Forward(Picture(), conditions));
        return new NetworkProfile(network.Facts, layers, IsGlobal(network, Picture(), conditions), height, width);
    }

    /// <summary>A survey that decides something needs numbers, which there are none of here; it is one all the same.</summary>
    private static bool IsGlobal(Network network, Tensor picture, Conditions conditions)
    {
        try
        {
            return network.Survey(picture, conditions) != conditions;
        }
        catch (TorchException)
        {
            return true;
        }
    }
}

/// <summary>What the networks that only help in training and measuring cost.</summary>
public static class PartProfile
{
    /// <summary>Pixels a side of the patches that discriminators are made for.</summary>
    public const int DiscriminatorSide = 128;

    /// <summary>Pixels a side of the pictures that backbones were trained with.</summary>
    public const int BackboneSide = 224;

    /// <summary>Of one patch of 128×128.</summary>
    /// <exception cref="ArgumentException">An option is unknown or out of range.</exception>
    public static LayerProfile Of(DiscriminatorEntry entry, JsonObject? options = null)
    {
        using var shapes = ShapesOnly.Enter();
        using var noGrad = Autograd.NoGrad();
        using var scope = TensorScope.Enter();
        using var network = entry.Create(options);
        network.Eval();
        Tensor Patch() => Tensor.Zeros([1, network.Channels, DiscriminatorSide, DiscriminatorSide]);
        return Profiler.Measure(entry.Name, network, () => network.Forward(Patch(), network.Conditional ? Patch() : null));
    }

    /// <summary>Of one picture of 224×224, to the last layer.</summary>
    /// <exception cref="ArgumentException">An option is unknown or out of range.</exception>
    public static LayerProfile Of(BackboneEntry entry, JsonObject? options = null)
    {
        using var shapes = ShapesOnly.Enter();
        using var noGrad = Autograd.NoGrad();
        using var scope = TensorScope.Enter();
        using var network = entry.Create(options);
        network.Freeze();
        return Profiler.Measure(entry.Name, network, () => network.Features(Tensor.Zeros([1, 3, BackboneSide, BackboneSide]), network.Layers.Last()));
    }
}

/// <summary>What one call of an operator costs, from the shapes of its arguments and its result.</summary>
internal static class WorkOfOp
{
    /// <param name="trained">Whether one of its arguments is a trained parameter: the profiler's convention counts no other.</param>
    public static Work Of(Op op, ReadOnlySpan<Value> arguments, Tensor result, bool trained)
    {
        string name = op.Name.Split("::")[1].Split('.')[0];
        double outputs = result.Count;
        return name switch
        {
            "conv1d" or "conv2d" or "conv3d" => Counted(outputs * Kernel(arguments[1].Tensor!)),
            "conv_transpose1d" or "conv_transpose2d" or "conv_transpose3d" => Transposed(arguments, result, trained),
            "linear" => Counted(outputs * arguments[1].Tensor!.Size(-1)),
            "matmul" or "mm" or "bmm" or "mv" or "dot" => new Work(outputs * arguments[0].Tensor!.Size(-1), 0),
            "addmm" or "baddbmm" => new Work(outputs * arguments[1].Tensor!.Size(-1), 0),
            "einsum" => new Work(Einsum(arguments[0].Text!, arguments[1].Tensors!), 0),
            "batch_norm" => new Work(0, trained ? 4 * outputs : 0),
            "prelu" => new Work(0, trained ? outputs : 0),
            _ => default,
        };

        Work Counted(double products) => new(products, trained ? products : 0);
    }

    /// <summary>Weight [Cin, Cout/groups, kH, kW]: each input meets all of its slice; a profiler that thinks of outputs counts more.</summary>
    private static Work Transposed(ReadOnlySpan<Value> arguments, Tensor result, bool trained)
    {
        Tensor input = arguments[0].Tensor!, weight = arguments[1].Tensor!;
        double perGroup = (double)weight.Size(0) * weight.Size(1) / result.Size(1), area = Kernel(weight) / weight.Size(1);
        return new Work(input.Count * Kernel(weight), trained ? result.Count * perGroup * area : 0);
    }

    /// <summary>Weights behind one entry of the first dimension.</summary>
    private static double Kernel(Tensor weight) => (double)weight.Count / weight.Size(0);

    /// <summary>The product of all sizes that the equation names.</summary>
    private static double Einsum(string equation, IReadOnlyList<Tensor?> tensors)
    {
        var sizes = new Dictionary<char, long>();
        string[] terms = equation.Replace(" ", "", StringComparison.Ordinal).Split("->")[0].Split(',');
        for (int k = 0; k < terms.Length; k++)
            for (int d = 0; d < terms[k].Length; d++)
                sizes[terms[k][d]] = tensors[k]!.Size(d);
        return sizes.Values.Aggregate(1.0, (product, size) => product * size);
    }
}

/// <summary>Multiply-accumulates of a computation, twice.</summary>
/// <param name="True">Convolutions, transposed convolutions, linear layers and matrix products, what is really multiplied and added.</param>
/// <param name="Table">
/// As DAGN's Table III and other tables count, made with the profiler thop: trained convolutions and linear layers as they are, transposed
/// convolutions as if each output pixel saw the whole kernel (four times too many for 2×2 with stride 2), batch norm as 4 per element,
/// PReLU as 1; matrix products, attention and convolutions with fixed numbers not at all.
/// </param>
public readonly record struct Work(double True, double Table)
{
    public static Work operator +(Work a, Work b) => new(a.True + b.True, a.Table + b.Table);
}
