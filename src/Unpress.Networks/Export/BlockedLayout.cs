using System.Globalization;
using System.Runtime.InteropServices;
using Unpress.Onnx;
using Unpress.Onnx.Schema;

namespace Unpress.Networks.Export;

/// <summary>
/// On CPUs ONNX Runtime convolves numbers that lie in blocks of 8 or 16 channels (NCHWc). Sums and products of two such values stay in blocks.
/// A mean over the channels, a division by one value a pixel and a half of the channels do not: each brings the numbers into the usual order and
/// back, two passes over memory. Here they are written as convolutions and products, which stay in blocks; what is computed is the same. A transposed
/// convolution never computes in blocks: where its result is added to others, so that the sum and all that follows would not either, a convolution
/// that changes nothing brings it into blocks, once.
/// It needs the sizes of the values (<see cref="GraphWriter.DescribeValues"/>): only values of sizes that are known to be equal stay in blocks.
/// </summary>
internal static class BlockedLayout
{
    public static void Apply(GraphProto graph)
    {
        var parts = new Parts(graph);
        foreach (var node in graph.Node.ToArray())
        {
            if (node.OpType == "Mul" && parts.GateOf(node) is { } gate)
                parts.Halve(node, gate);
            else if (node.OpType == "ReduceMean" && parts.IsMeanOfChannels(node))
                parts.MeanByConvolution(node);
            else if (node.OpType == "Div" && parts.DividesPixels(node))
                parts.DivideByProduct(node);
            else if (node.OpType == "Add" && parts.UpsampledInput(node) is { } input)
                parts.AddInBlocks(node, input);
        }

        parts.Finish();
    }

    /// <summary>The product of both halves of a convolution's channels; before a depthwise convolution there may be another one.</summary>
    private sealed record Gate(NodeProto[] Convolutions, NodeProto First, NodeProto Second, long Half);

    private sealed class Parts
    {
        private readonly GraphProto _graph;
        private readonly Dictionary<string, NodeProto> _makers;
        private readonly Dictionary<string, int> _uses;
        private readonly Dictionary<string, ValueInfoProto> _values;
        private readonly Dictionary<string, TensorProto> _constants;
        private readonly HashSet<NodeProto> _gone = new(ReferenceEqualityComparer.Instance);
        private readonly Dictionary<NodeProto, List<NodeProto>> _instead = new(ReferenceEqualityComparer.Instance);

        public Parts(GraphProto graph)
        {
            _graph = graph;
            _makers = graph.Node.SelectMany(node => node.Output.Select(output => (output, node))).ToDictionary(pair => pair.output, pair => pair.node);
            _uses = graph.Node.SelectMany(node => node.Input).Concat(graph.Output.Select(output => output.Name))
                .CountBy(name => name).ToDictionary();
            _values = graph.ValueInfo.ToDictionary(value => value.Name);
            _constants = graph.Initializer.ToDictionary(tensor => tensor.Name);
        }

        public Gate? GateOf(NodeProto product)
        {
            if (MakerOf(product.Input[0]) is not { OpType: "Slice" } first || MakerOf(product.Input[1]) is not { OpType: "Slice" } second
                || ReferenceEquals(first, second) || first.Input[0] != second.Input[0]
                || MakerOf(first.Input[0]) is not { OpType: "Conv" } convolution || _uses[first.Input[0]] != 2
                || _uses[first.Output[0]] != 1 || _uses[second.Output[0]] != 1
                || ChannelsOf(first.Input[0]) is not { } channels || channels % 2 != 0
                || !IsChannels(first, 0, channels / 2) || !IsChannels(second, channels / 2, channels))
            {
                return null;
            }

            if (GroupOf(convolution) == 1)
                return new Gate([convolution], first, second, channels / 2);
            return GroupOf(convolution) == channels && MakerOf(convolution.Input[0]) is { OpType: "Conv" } before && GroupOf(before) == 1
                && _uses[convolution.Input[0]] == 1 && ChannelsOf(convolution.Input[0]) == channels
                ? new Gate([before, convolution], first, second, channels / 2)
                : null;
        }

        /// <summary>Two convolutions with half of the weights each, in the place of one and its halves.</summary>
        public void Halve(NodeProto product, Gate gate)
        {
            var nodes = new List<NodeProto>();
            foreach (var (slice, half) in new[] { (gate.First, 0), (gate.Second, 1) })
            {
                string value = gate.Convolutions[0].Input[0];
                foreach (var convolution in gate.Convolutions)
                {
                    var part = convolution.Clone();
                    part.Name = string.Create(CultureInfo.InvariantCulture, $"{convolution.Name}/half{half + 1}");
                    part.Input[0] = value;
                    for (int k = 1; k < part.Input.Count; k++)
                        part.Input[k] = Rows(nodes, part, k, half * gate.Half, gate.Half);
                    if (GroupOf(part) > 1)
                        part.Attribute.First(attribute => attribute.Name == "group").I = gate.Half;
                    part.Output[0] = value = ReferenceEquals(convolution, gate.Convolutions[^1]) ? slice.Output[0] : part.Name;
                    SameSize(value, slice.Output[0]);
                    nodes.Add(part);
                }

                _gone.Add(slice);
            }

            _gone.UnionWith(gate.Convolutions);
            nodes.Add(product);
            _instead[product] = nodes;
        }

        public bool IsMeanOfChannels(NodeProto mean)
            => IntegersOf(mean, "axes") is [1] && Attribute(mean, "keepdims")?.I != 0 && ChannelsOf(mean.Input[0]) is not null;

        /// <summary>A 1×1 convolution whose weights are all 1 / channels.</summary>
        public void MeanByConvolution(NodeProto mean)
        {
            long channels = ChannelsOf(mean.Input[0])!.Value;
            _instead[mean] = [Pointwise(mean.Name, mean.Input[0], Filled("/mean", 1, channels, 1f / channels), mean.Output[0])];
        }

        /// <summary>Of one number a pixel that is a square root: other divisors may be 0 or have been made for another reason.</summary>
        public bool DividesPixels(NodeProto division)
            => MakerOf(division.Input[1]) is { OpType: "Sqrt" } && ChannelsOf(division.Input[1]) == 1 && ChannelsOf(division.Input[0]) > 1;

        /// <summary>The reciprocal, spread over the channels by a 1×1 convolution with ones, times the dividend.</summary>
        public void DivideByProduct(NodeProto division)
        {
            long channels = ChannelsOf(division.Input[0])!.Value;
            var reciprocal = new NodeProto { OpType = "Reciprocal", Name = division.Name + "/reciprocal" };
            reciprocal.Input.Add(division.Input[1]);
            reciprocal.Output.Add(reciprocal.Name);
            SameSize(reciprocal.Name, division.Input[1]);
            string spread = division.Name + "/spread";
            SameSize(spread, division.Output[0]);
            var product = new NodeProto { OpType = "Mul", Name = division.Name };
            product.Input.AddRange([division.Input[0], spread]);
            product.Output.Add(division.Output[0]);
            _instead[division] = [reciprocal, Pointwise(spread, reciprocal.Name, Filled("/ones", channels, 1, 1f), spread), product];
        }

        /// <summary>Which input of a sum comes from a transposed convolution; null when none or both do.</summary>
        public int? UpsampledInput(NodeProto sum)
        {
            bool[] upsampled = [.. sum.Input.Select(input => MakerOf(input) is { OpType: "ConvTranspose" } && ChannelsOf(input) > 1)];
            return upsampled is [true, false] ? 0 : upsampled is [false, true] ? 1 : null;
        }

        /// <summary>A depthwise 1×1 convolution with ones before that input.</summary>
        public void AddInBlocks(NodeProto sum, int input)
        {
            long channels = ChannelsOf(sum.Input[input])!.Value;
            string name = sum.Name + "/blocks";
            var identity = Pointwise(name, sum.Input[input], Filled("/ones", channels, 1, 1f), name);
            identity.Attribute.Add(GraphWriter.Attribute("group", channels));
            SameSize(name, sum.Input[input]);
            var same = sum.Clone();
            same.Input[input] = name;
            _instead[sum] = [identity, same];
        }

        /// <summary>Puts the new nodes into the places of the old ones and removes constants that nobody uses any more.</summary>
        public void Finish()
        {
            NodeProto[] nodes = [.. _graph.Node.SelectMany(node => _gone.Contains(node) ? [] : _instead.GetValueOrDefault(node) ?? [node])];
            _graph.Node.Clear();
            _graph.Node.AddRange(nodes);
            var used = nodes.SelectMany(node => node.Input).ToHashSet(StringComparer.Ordinal);
            foreach (var tensor in _graph.Initializer.Where(tensor => tensor.Name.StartsWith(WeightTable.ConstantPrefix)
                && !used.Contains(tensor.Name)).ToArray())
                _graph.Initializer.Remove(tensor);
            var made = nodes.SelectMany(node => node.Output).ToHashSet(StringComparer.Ordinal);
            foreach (var value in _graph.ValueInfo.Where(value => !made.Contains(value.Name)).ToArray())
                _graph.ValueInfo.Remove(value);
        }

        private NodeProto? MakerOf(string value) => _makers.GetValueOrDefault(value);

        /// <summary>Of a value N×C×H×W of float32 whose C is known.</summary>
        private long? ChannelsOf(string value)
            => _values.GetValueOrDefault(value)?.Type.TensorType is { ElemType: (int)ElementType.Float, Shape.Dim: { Count: 4 } sizes } && sizes[1].DimValue > 0
                ? sizes[1].DimValue
                : null;

        private static long GroupOf(NodeProto convolution) => Attribute(convolution, "group")?.I ?? 1;

        private static AttributeProto? Attribute(NodeProto node, string name) => node.Attribute.FirstOrDefault(attribute => attribute.Name == name);

        private static long[]? IntegersOf(NodeProto node, string name) => Attribute(node, name)?.Ints.ToArray();

        private bool IsChannels(NodeProto slice, long from, long to)
            => slice.Input.Count == 4 && Number(slice.Input[1]) == from && Number(slice.Input[2]) == to && Number(slice.Input[3]) == 1;

        private long? Number(string constant)
            => _constants.GetValueOrDefault(constant) is { DataType: (int)ElementType.Int64, RawData: { Length: sizeof(long) } bytes }
                ? BitConverter.ToInt64(bytes.Span)
                : null;

        /// <summary>A part of a weight along its first dimension.</summary>
        private string Rows(List<NodeProto> nodes, NodeProto part, int input, long from, long count)
        {
            string name = part.Name + (input == 1 ? "/weight" : "/bias");
            var slice = new NodeProto { OpType = "Slice", Name = name };
            slice.Input.AddRange([part.Input[input], Integer(from), Integer(from + count), Integer(0)]);
            slice.Output.Add(name);
            nodes.Add(slice);
            return name;
        }

        private string Integer(long number)
            => Constant(string.Create(CultureInfo.InvariantCulture, $"/integer{number}"), ElementType.Int64, [1], BitConverter.GetBytes(number));

        private string Filled(string name, long outputs, long inputs, float value)
        {
            var numbers = new float[outputs * inputs];
            numbers.AsSpan().Fill(value);
            return Constant($"{name}{outputs * inputs}", ElementType.Float, [outputs, inputs, 1, 1], MemoryMarshal.AsBytes<float>(numbers).ToArray());
        }

        private string Constant(string name, ElementType type, long[] shape, byte[] bytes)
        {
            if (_constants.ContainsKey(name))
                return name;
            var tensor = WeightTable.ToProto(new OnnxWeight(name, type, shape, bytes));
            _graph.Initializer.Add(tensor);
            _constants.Add(name, tensor);
            return name;
        }

        private static NodeProto Pointwise(string name, string input, string weight, string output)
        {
            var node = new NodeProto { OpType = "Conv", Name = name };
            node.Input.AddRange([input, weight]);
            node.Output.Add(output);
            node.Attribute.Add(GraphWriter.Attribute("kernel_shape", new long[] { 1, 1 }));
            return node;
        }

        private void SameSize(string value, string as_)
        {
            if (_values.ContainsKey(value) || !_values.TryGetValue(as_, out var known))
                return;
            var described = known.Clone();
            described.Name = value;
            _graph.ValueInfo.Add(described);
            _values.Add(value, described);
        }
    }
}
