using Unpress.Torch;

namespace Unpress.Networks.Export;

/// <summary>What moves numbers about: shapes, cuts, borders, resizing.</summary>
internal static partial class Operators
{
    private static Dictionary<string, Func<Translation, string>> Shapes => new()
    {
        ["aten::reshape"] = static t => Reshape(t),
        ["aten::permute"] = static t =>
            t.Node("Transpose", [t.In(0)], ("perm", t.Integers(1).Select(d => (long)Translation.Dimension(d, t.Tensor(0).Rank)).ToArray())),
        ["aten::transpose.int"] = Transpose,
        ["aten::unsqueeze"] = static t =>
            t.Node("Unsqueeze", [t.In(0), t.Writer.Integers(Translation.Dimension(t.Integer(1), t.Tensor(0).Rank + 1))]),
        ["aten::squeeze.dim"] = static t => t.Node("Squeeze", [t.In(0), t.Writer.Integers(t.Integer(1))]),
        ["aten::narrow"] = Narrow,
        ["aten::slice.Tensor"] = static t => t.Node(
            "Slice",
            [
                t.In(0), t.Writer.Integers(t.Integer(2)), t.Writer.Integers(t.Integer(3, long.MaxValue)), t.Writer.Integers(t.Integer(1)),
                t.Writer.Integers(t.Integer(4, 1)),
            ]),
        ["aten::flip"] = Flip,
        ["aten::cat"] = static t => t.Node("Concat", t.Tensors(0).Select(tensor => t.As(tensor!, t.Result.Type)), ("axis", t.Integer(1))),
        ["aten::stack"] = static t => t.Node(
            "Concat", t.Tensors(0).Select(tensor => t.Node("Unsqueeze", [t.As(tensor!, t.Result.Type), t.Writer.Integers(t.Integer(1))])),
            ("axis", t.Integer(1))),
        ["aten::repeat"] = static t => t.Node("Tile", [t.In(0), t.Writer.Sizes(t.Sizes(1))]),
        ["aten::index.Tensor"] = Index,
        ["aten::index_select"] = static t => t.Node("Gather", [t.In(0), t.In(2)], ("axis", t.Integer(1))),
        ["aten::nonzero"] = static t => t.Node("Transpose", [t.Node("NonZero", [t.In(0)])], ("perm", new[] { 1L, 0L })),
        ["aten::sort"] = static t => Sorted(t, "values"),
        ["aten::argsort"] = static t => Sorted(t, "order"),
        ["aten::unfold"] = Unfold,
        ["aten::zeros"] = static t => Filled(t, 0),
        ["aten::zeros_like"] = static t => Filled(t, 0),
        ["aten::ones"] = static t => Filled(t, 1),
        ["aten::arange"] = static t => Count(t.Writer, t.Writer.Size(t.Sizes(0)[0])),
        ["aten::pixel_shuffle"] = static t => t.Node("DepthToSpace", [t.In(0)], ("blocksize", t.Integer(1)), ("mode", "CRD")),
        ["aten::pixel_unshuffle"] = PixelUnshuffle,
        ["aten::reflection_pad2d"] = static t => Pad(t, "reflect"),
        ["aten::replication_pad2d"] = static t => Pad(t, "edge"),
        ["aten::constant_pad_nd"] = static t => Pad(t, "constant"),
        ["aten::upsample_nearest2d"] = static t =>
            Resize(t, ("mode", "nearest"), ("coordinate_transformation_mode", "asymmetric"), ("nearest_mode", "floor")),
        ["aten::upsample_bilinear2d"] = static t => Resize(
            t, ("mode", "linear"), ("coordinate_transformation_mode", t.Flag(2) ? "align_corners" : "half_pixel")),
    };

    /// <summary>Sizes that stay are said to stay, one that follows from the others is left open: what remains is computed.</summary>
    private static string Reshape(Translation t)
    {
        var (from, to) = (t.Tensor(0).Shape, t.Result.Shape);
        bool Stays(int d) => !to[d].IsConstant && d < from.Count && to[d].Equals(from[d]);
        int open = Enumerable.Range(0, to.Count).LastOrDefault(d => !to[d].IsConstant && !Stays(d), -1);
        var w = t.Writer;
        if (Enumerable.Range(0, to.Count).All(d => to[d].IsConstant || Stays(d) || d == open))
            return t.Node("Reshape", [t.In(0), w.Integers([.. to.Select((size, d) => d == open ? -1 : Stays(d) ? 0 : size.Values[0])])]);
        string[] parts = [.. to.Select((size, d) => d == open ? w.Integers(-1) : Stays(d) ? w.Integers(0) : w.Size(size))];
        return t.Node("Reshape", [t.In(0), t.Node("Concat", parts, ("axis", 0L))]);
    }

    private static string Transpose(Translation t)
    {
        int rank = t.Tensor(0).Rank, a = Translation.Dimension(t.Integer(1), rank), b = Translation.Dimension(t.Integer(2), rank);
        long[] order = [.. Range(rank)];
        (order[a], order[b]) = (order[b], order[a]);
        return t.Node("Transpose", [t.In(0)], ("perm", order));
    }

    private static string Narrow(Translation t)
    {
        int dimension = Translation.Dimension(t.Integer(1), t.Tensor(0).Rank);
        var (start, end) = (t.Sizes(2)[0], t.Sizes(2)[0] + t.Sizes(3)[0]);
        var w = t.Writer;
        string last = end.Equals(t.Tensor(0).Shape[dimension]) && !end.IsConstant ? w.Integers(long.MaxValue) : w.Size(end);
        return t.Node("Slice", [t.In(0), w.Size(start), last, w.Integers(dimension)]);
    }

    private static string Flip(Translation t)
    {
        var dimensions = t.Integers(1);
        string Each(long number) => t.Writer.Integers([.. dimensions.Select(_ => number)]);
        return t.Node("Slice", [t.In(0), Each(-1), Each(long.MinValue), t.Writer.Integers(dimensions), Each(-1)]);
    }

    private static string Index(Translation t)
    {
        var indices = t.Tensors(1);
        int[] used = [.. Enumerable.Range(0, indices.Count).Where(k => indices[k] is not null)];
        return used.Length == 1
            ? t.Node("Gather", [t.In(0), t.Writer.Name(indices[used[0]]!)], ("axis", (long)used[0]))
            : throw t.Fault("takes entries by several indices");
    }

    // Windows along one dimension: their count stays there, their pixels come last.
    private static string Unfold(Translation t)
    {
        int rank = t.Tensor(0).Rank, dimension = Translation.Dimension(t.Integer(1), rank);
        var w = t.Writer;
        long size = t.Integer(2), step = t.Integer(3);
        string first = t.Node("Mul", [Count(w, w.Size(t.Result.Shape[dimension])), w.Integers(step)]);
        string places = t.Node("Add", [t.Node("Unsqueeze", [first, w.Integers(1)]), w.Integers([.. Range(size)])]);
        string windows = t.Node("Gather", [t.In(0), places], ("axis", (long)dimension));
        if (dimension == rank - 1)
            return windows;
        long[] order = [.. Range(rank + 1).Where(d => d != dimension + 1), dimension + 1];
        return t.Node("Transpose", [windows], ("perm", order));
    }

    // All of them: of the operator's two results the wanted one gets the node's name.
    private static string Sorted(Translation t, string wanted)
    {
        int dimension = Translation.Dimension(t.Integer(1, -1), t.Tensor(0).Rank);
        string count = t.Writer.Size(t.Tensor(0).Shape[dimension]);
        string name = t.Node("TopK", [t.In(0), count], ("axis", (long)dimension), ("largest", t.Integer(2)), ("sorted", 1L));
        var node = t.Writer.Graph.Node[^1];
        if (wanted == "values")
            node.Output.Add($"{name}_order");
        else
            node.Output.Insert(0, $"{name}_values");
        return name;
    }

    private static string Filled(Translation t, double number)
    {
        var tensor = new Unpress.Onnx.Schema.TensorProto { DataType = (int)GraphWriter.TypeOf(t.Result.Type) };
        tensor.Dims.Add(1);
        switch (t.Result.Type)
        {
            case DType.Float32:
                tensor.FloatData.Add((float)number);
                break;
            case DType.Float64:
                tensor.DoubleData.Add(number);
                break;
            case DType.Int64:
                tensor.Int64Data.Add((long)number);
                break;
            default:
                throw t.Fault($"makes {t.Result.Type}");
        }

        return t.Node("ConstantOfShape", [t.Writer.Sizes([.. t.Result.Shape])], ("value", tensor));
    }

    // ONNX has the channels of a colour apart (row, column, colour), libtorch together (colour, row, column).
    private static string PixelUnshuffle(Translation t)
    {
        long factor = t.Integer(1), channels = t.Tensor(0).Shape[1].Values[0], area = factor * factor;
        string folded = t.Node("SpaceToDepth", [t.In(0)], ("blocksize", factor));
        if (channels == 1)
            return folded;
        long[] order = [.. Range(channels * area).Select(k => (k % area * channels) + (k / area))];
        return t.Node("Gather", [folded, t.Writer.Integers(order)], ("axis", 1L));
    }

    // libtorch: left, right, top, bottom, of the last dimensions. ONNX: all before, all after.
    private static string Pad(Translation t, string mode)
    {
        int rank = t.Tensor(0).Rank;
        var pads = t.Sizes(1);
        var none = new SizeVector([.. pads[0].Values.Select(_ => 0L)]);
        SizeVector Of(int dimension, int side) => rank - 1 - dimension < pads.Length / 2 ? pads[(2 * (rank - 1 - dimension)) + side] : none;
        if (mode == "constant" && t.Number(2) != 0)
            throw t.Fault("fills with another number than 0");
        SizeVector[] before = [.. Enumerable.Range(0, rank).Select(d => Of(d, 0))];
        SizeVector[] after = [.. Enumerable.Range(0, rank).Select(d => Of(d, 1))];
        var w = t.Writer;
        if (after.All(size => size.IsConstant))
            return t.Node("Pad", [t.In(0), w.Sizes([.. before, .. after])], ("mode", mode));
        var rest = after.Select((size, d) => w.Rest(size, t.Result.Shape[d], t.Tensor(0).Shape[d]));
        return t.Node("Pad", [t.In(0), t.Node("Concat", [.. before.Select(w.Size), .. rest], ("axis", 0L))], ("mode", mode));
    }

    // By a factor where it is one, else to the size.
    private static string Resize(Translation t, params (string Name, object Value)[] attributes)
    {
        var (from, to) = (t.Tensor(0).Shape, t.Result.Shape);
        float[] factors = [.. from.Zip(to, (before, after) => (float)after.Values[0] / before.Values[0])];
        static bool IsFactor(SizeVector before, SizeVector after)
            => before.Values.Zip(after.Values, (b, a) => (float)a / b).Distinct().Count() == 1;
        if (!from.Zip(to, IsFactor).All(same => same))
            return t.Node("Resize", [t.In(0), "", "", t.Writer.Sizes([.. to])], attributes);
        byte[] bytes = [.. factors.SelectMany(BitConverter.GetBytes)];
        return t.Node("Resize", [t.In(0), "", t.Writer.Constant(Onnx.ElementType.Float, [factors.Length], bytes)], attributes);
    }
}
