using System.Globalization;
using Unpress.Onnx;
using Unpress.Onnx.Schema;

namespace Unpress.Networks.Export;

/// <summary>
/// The graph of a network that stops early: each further output is inside a branch that is taken only when those before were not good
/// enough. The exit is decided by one chain of branches and may be given instead; the picture is made by a second chain, which follows the
/// exit.
/// </summary>
internal static class EarlyExitGraph
{
    /// <param name="graph">With all outputs computed one after the other; rewritten.</param>
    /// <param name="exits">Names of the values: the outputs, and whether each is good enough.</param>
    public static void Nest(GraphProto graph, IReadOnlyList<(string Output, string IsGood)> exits, int channels)
    {
        NodeProto[] all = [.. graph.Node];
        var makers = all.SelectMany(node => node.Output.Select(output => (output, node)))
            .ToDictionary(pair => pair.output, pair => pair.node, StringComparer.Ordinal);
        var outer = Behind(exits[0].Output, exits[0].IsGood);
        graph.Node.Clear();
        graph.Node.AddRange(all.Where(outer.Contains));
        var exit = GraphWriter.Describe(ValueNames.Exit, ElementType.Int64, "1");
        var restored = GraphWriter.Describe(
            ValueNames.Restored, ElementType.Float, "1", Text(channels), OnnxExport.Height, OnnxExport.Width);
        Decide(graph, 0, outer);
        Follow(graph, 0, outer);
        graph.Output.Add(restored);
        graph.Output.Add(exit);

        // The number of the first exit that is good enough.
        void Decide(GraphProto here, int k, HashSet<NodeProto> known)
        {
            string prefix = $"/exit{Text(k)}";
            var stop = new GraphProto { Name = $"stop at {Text(k)}" };
            Result(stop, Number(stop, $"{prefix}/Number", k), $"{prefix}/stop", exit.Type);
            var go = new GraphProto { Name = $"past {Text(k)}" };
            if (k + 2 == exits.Count)
                Result(go, Number(go, $"{prefix}/Last", k + 1), $"{prefix}/go", exit.Type);
            else
            {
                var more = Behind(exits[k + 1].Output, exits[k + 1].IsGood);
                more.ExceptWith(known);
                go.Node.AddRange(all.Where(more.Contains).Select(node => node.Clone()));
                Decide(go, k + 1, [.. known, .. more]);
                Result(go, $"/exit{Text(k + 1)}/If", $"{prefix}/go", exit.Type);
                Rename(go, more, prefix);
            }

            here.Node.Add(Branch(exits[k].IsGood, k == 0 ? ValueNames.Exit : $"{prefix}/If", $"{prefix}/If", stop, go));
        }

        // The output of a given number.
        void Follow(GraphProto here, int k, HashSet<NodeProto> known)
        {
            string prefix = $"/output{Text(k)}";
            string isHere = $"{prefix}/LessOrEqual";
            here.Node.Add(Node("LessOrEqual", [ValueNames.Exit, Number(here, $"{prefix}/Number", k)], isHere));
            var stop = new GraphProto { Name = $"output {Text(k)}" };
            Result(stop, exits[k].Output, $"{prefix}/stop", restored.Type);
            var go = new GraphProto { Name = $"after {Text(k)}" };
            var more = Behind(exits[k + 1].Output);
            more.ExceptWith(known);
            go.Node.AddRange(all.Where(more.Contains).Select(node => node.Clone()));
            if (k + 2 == exits.Count)
                Result(go, exits[k + 1].Output, $"{prefix}/go", restored.Type);
            else
            {
                Follow(go, k + 1, [.. known, .. more]);
                Result(go, $"/output{Text(k + 1)}/If", $"{prefix}/go", restored.Type);
            }

            here.Node.Add(Branch(isHere, k == 0 ? ValueNames.Restored : $"{prefix}/If", $"{prefix}/If", stop, go));
        }

        HashSet<NodeProto> Behind(params string[] values)
        {
            var found = new HashSet<NodeProto>();
            var open = new Stack<string>(values);
            while (open.TryPop(out string? value))
                if (makers.TryGetValue(value, out var maker) && found.Add(maker))
                    foreach (string input in maker.Input)
                        open.Push(input);
            return found;
        }
    }

    /// <summary>What the deciding branches compute again gets names of its own: no value may be made twice.</summary>
    private static void Rename(GraphProto graph, HashSet<NodeProto> made, string prefix)
    {
        var names = made.SelectMany(node => node.Output).ToHashSet(StringComparer.Ordinal);
        Walk(graph);

        void Walk(GraphProto part)
        {
            foreach (var node in part.Node)
            {
                for (int k = 0; k < node.Input.Count; k++)
                    if (names.Contains(node.Input[k]))
                        node.Input[k] = prefix + node.Input[k];
                for (int k = 0; k < node.Output.Count; k++)
                    if (names.Contains(node.Output[k]))
                        (node.Output[k], node.Name) = (prefix + node.Output[k], prefix + node.Name);
                foreach (var attribute in node.Attribute)
                    if (attribute.G is not null)
                        Walk(attribute.G);
            }
        }
    }

    private static string Number(GraphProto graph, string name, int value)
    {
        var tensor = new TensorProto { DataType = (int)ElementType.Int64 };
        tensor.Dims.Add(1);
        tensor.Int64Data.Add(value);
        var node = Node("Constant", [], name);
        node.Attribute.Add(GraphWriter.Attribute("value", tensor));
        graph.Node.Add(node);
        return name;
    }

    private static void Result(GraphProto graph, string value, string name, TypeProto type)
    {
        graph.Node.Add(Node("Identity", [value], name));
        graph.Output.Add(new ValueInfoProto { Name = name, Type = type });
    }

    private static NodeProto Branch(string condition, string output, string name, GraphProto then, GraphProto otherwise)
    {
        var node = Node("If", [condition], output);
        node.Name = name;
        node.Attribute.Add(GraphWriter.Attribute("then_branch", then));
        node.Attribute.Add(GraphWriter.Attribute("else_branch", otherwise));
        return node;
    }

    private static NodeProto Node(string type, string[] inputs, string output)
    {
        var node = new NodeProto { OpType = type, Name = output };
        node.Input.AddRange(inputs);
        node.Output.Add(output);
        return node;
    }

    private static string Text(int number) => number.ToString(CultureInfo.InvariantCulture);
}
