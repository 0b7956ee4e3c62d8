using Unpress.Onnx.Schema;

namespace Unpress.Onnx;

/// <summary>
/// Parts of a model. A value that a model finds in the picture itself (a predicted quality factor, a gate, the noise that is zero) may be
/// given instead: the part has it as an input, and what computed it is left out. So one graph serves three ways: as it is, for a picture in
/// one piece; cut to its surveys, for the whole picture or its middle; cut with the surveys' values given, for the tiles.
/// </summary>
public static class GraphCut
{
    /// <summary>The part that makes <paramref name="outputs"/>. It shares tensors and operators with the model: change neither.</summary>
    /// <param name="given">
    /// Values that become inputs: inputs of the model already, outputs, or any value whose type the model tells.
    /// </param>
    /// <exception cref="ArgumentException">The model makes no such value, or does not tell its type.</exception>
    public static ModelProto Cut(ModelProto model, IEnumerable<string> given, IEnumerable<string> outputs)
    {
        var graph = model.Graph;
        var types = graph.ValueInfo.Concat(graph.Output).Concat(graph.Input).DistinctBy(value => value.Name)
            .ToDictionary(value => value.Name, StringComparer.Ordinal);
        ValueInfoProto Typed(string name)
            => types.GetValueOrDefault(name) ?? throw new ArgumentException($"the model tells nothing of a value '{name}'");

        var inputs = given.Distinct().ToDictionary(name => name, Typed, StringComparer.Ordinal);
        var made = outputs.Distinct().Select(Typed).ToList();
        var needed = made.Select(value => value.Name).ToHashSet(StringComparer.Ordinal);
        var nodes = new Stack<NodeProto>();
        foreach (var node in graph.Node.Reverse())
        {
            if (!node.Output.Any(name => needed.Contains(name) && !inputs.ContainsKey(name)))
                continue;
            nodes.Push(node);
            foreach (string name in Uses(node))
                needed.Add(name);
        }

        var part = new GraphProto { Name = graph.Name, DocString = graph.DocString };
        part.Node.AddRange(nodes);
        part.Initializer.AddRange(graph.Initializer.Where(tensor => needed.Contains(tensor.Name)));
        part.Input.AddRange(graph.Input.Where(input => needed.Contains(input.Name) && !inputs.ContainsKey(input.Name)));
        part.Input.AddRange(inputs.Values);
        part.Output.AddRange(made);
        var cut = new ModelProto
        {
            IrVersion = model.IrVersion,
            ProducerName = model.ProducerName,
            ProducerVersion = model.ProducerVersion,
            Graph = part,
        };
        cut.OpsetImport.AddRange(model.OpsetImport);
        cut.MetadataProps.AddRange(model.MetadataProps);
        return cut;
    }

    /// <summary>Everything that an operator needs, those inside its graphs included.</summary>
    private static IEnumerable<string> Uses(NodeProto node)
        => node.Input.Where(name => name.Length > 0).Concat(
            node.Attribute.SelectMany(attribute => attribute.G is null ? attribute.Graphs : attribute.Graphs.Prepend(attribute.G))
                .SelectMany(Free));

    /// <summary>What a graph takes from around it.</summary>
    private static IEnumerable<string> Free(GraphProto graph)
    {
        var own = graph.Initializer.Select(tensor => tensor.Name).Concat(graph.Input.Select(input => input.Name))
            .Concat(graph.Node.SelectMany(node => node.Output)).ToHashSet(StringComparer.Ordinal);
        return graph.Node.SelectMany(Uses).Concat(graph.Output.Select(output => output.Name)).Where(name => !own.Contains(name));
    }
}
