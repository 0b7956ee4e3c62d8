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
