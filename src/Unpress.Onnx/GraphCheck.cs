using Unpress.Onnx.Schema;

namespace Unpress.Onnx;

/// <summary>The rules of the format that a file must keep before anybody computes with it.</summary>
internal static class GraphCheck
{
    /// <summary>Versions of the operators that ONNX Runtime knows.</summary>
    private const long OldestOpset = 7, NewestOpset = 26;

    private const int MostNodes = 1_000_000;

    /// <exception cref="OnnxFileException">The first rule that is broken.</exception>
    public static void Check(string path, ModelProto model)
    {
        if (model.Graph is not { } graph)
            throw new OnnxFileException(path, "is no ONNX model: it has no graph");
        long opset = Opset(model);
        if (opset is < OldestOpset or > NewestOpset)
        {
            throw new OnnxFileException(path, opset == 0
                ? "does not say which version of the operators it uses"
                : $"uses version {opset} of the operators; {OldestOpset} to {NewestOpset} are supported: export it again with one of these");
        }

        if (model.Functions.Count > 0)
            throw new OnnxFileException(path, "defines functions of its own, which are not supported; export it with functions inlined");
        new Scope(path).Check(graph, []);
        if (graph.Output.Count == 0)
            throw new OnnxFileException(path, "has no output");
    }

    /// <summary>0 where the model does not say.</summary>
    public static long Opset(ModelProto model)
        => model.OpsetImport.FirstOrDefault(set => set.Domain is "" or "ai.onnx")?.Version ?? 0;

    private sealed class Scope(string path)
    {
        private int _nodes;

        public void Check(GraphProto graph, HashSet<string> outer)
        {
            if (graph.SparseInitializer.Count > 0)
                throw Fault("holds sparse tensors, which are not supported");
            var known = new HashSet<string>(outer, StringComparer.Ordinal);
            var own = new HashSet<string>(StringComparer.Ordinal);
            foreach (var tensor in graph.Initializer)
            {
                TensorCheck.Check(path, tensor);
                if (tensor.Name.Length == 0 || !own.Add(tensor.Name))
                    throw Fault($"holds the tensor '{tensor.Name}' twice");
            }

            foreach (var twice in graph.Input.GroupBy(input => input.Name).Where(group => group.Count() > 1))
                throw Fault($"has the input '{twice.Key}' twice");
            own.UnionWith(graph.Input.Select(input => input.Name));
            known.UnionWith(own);
            foreach (var node in graph.Node)
                Check(node, known);
            foreach (var output in graph.Output)
                if (!known.Contains(output.Name))
                    throw Fault($"never makes its output '{output.Name}'");
        }

        private void Check(NodeProto node, HashSet<string> known)
        {
            if (++_nodes > MostNodes)
                throw Fault($"has more than {MostNodes} operators");
            if (node.OpType.Length == 0)
                throw Fault($"has an operator without a type, '{node.Name}'");
            foreach (string input in node.Input)
                if (input.Length > 0 && !known.Contains(input))
                    throw Fault($"uses '{input}' in {node.OpType} '{node.Name}' before anything makes it: a loop, or a part is missing");
            foreach (var attribute in node.Attribute)
            {
                AttributeCheck.Check(path, node, attribute);
                foreach (var tensor in attribute.T is null ? attribute.Tensors : [attribute.T, .. attribute.Tensors])
                    TensorCheck.Check(path, tensor);
                foreach (var graph in attribute.G is null ? attribute.Graphs : [attribute.G, .. attribute.Graphs])
                    Check(graph, known);
            }

            foreach (string output in node.Output)
                if (output.Length > 0 && !known.Add(output))
                    throw Fault($"makes '{output}' twice");
        }

        private OnnxFileException Fault(string reason) => new(path, reason);
    }
}
