using Unpress.Torch;

namespace Unpress.Networks.Export;

/// <summary>
/// What each operator of libtorch is in ONNX: adds nodes, and returns the name of the result. Here: convolutions, products, norms,
/// activations, pooling.
/// </summary>
internal static partial class Operators
{
    public static IReadOnlyDictionary<string, Func<Translation, string>> All { get; } =
        Layers.Concat(Shapes).Concat(Numbers).ToDictionary(entry => entry.Key, entry => entry.Value, StringComparer.Ordinal);

    private static Dictionary<string, Func<Translation, string>> Layers => new()
    {
        ["aten::conv1d"] = static t => Convolution(t, 1),
        ["aten::conv2d"] = static t => Convolution(t, 2),
        ["aten::conv_transpose2d.input"] = Transposed,
        ["aten::linear"] = Linear,
        ["aten::matmul"] = static t => t.Node("MatMul", [t.In(0), t.In(1)]),
        ["aten::mv"] = static t => t.Node("MatMul", [t.In(0), t.In(1)]),
        ["aten::dot"] = static t => t.Node("MatMul", [t.In(0), t.In(1)]),
        ["aten::batch_norm"] = BatchNorm,
        ["aten::layer_norm"] = static t => t.Node(
            "LayerNormalization", [t.In(0), t.In(2), t.In(3)], ("axis", -(long)t.Sizes(1).Length), ("epsilon", t.Number(4, 1e-5))),
        ["aten::relu"] = static t => t.Node("Relu", [t.In(0)]),
        ["aten::leaky_relu"] = static t => t.Node("LeakyRelu", [t.In(0)], ("alpha", t.Number(1, 0.01))),
        ["aten::prelu"] = PRelu,
        ["aten::gelu"] = Gelu,
        ["aten::sigmoid"] = static t => t.Node("Sigmoid", [t.In(0)]),
        ["aten::tanh"] = static t => t.Node("Tanh", [t.In(0)]),
        ["aten::softmax.int"] = static t => t.Node("Softmax", [t.In(0)], ("axis", t.Integer(1))),
        ["aten::max_pool2d"] = static t => t.Node(
            "MaxPool", [t.In(0)], ("kernel_shape", t.Pair(1, 1)), ("strides", Stride(t)), ("pads", Twice(t.Pair(3, 0))),
            ("dilations", t.Pair(4, 1)), ("ceil_mode", t.Integer(5))),
        ["aten::avg_pool2d"] = static t => t.Node(
            "AveragePool", [t.In(0)], ("kernel_shape", t.Pair(1, 1)), ("strides", Stride(t)), ("pads", Twice(t.Pair(3, 0))),
            ("ceil_mode", t.Integer(4)), ("count_include_pad", t.Integer(5, 1))),
        ["aten::adaptive_avg_pool2d"] = AdaptivePool,
    };

    private static string Convolution(Translation t, int dimensions)
        => t.Node(
            "Conv", WithBias(t),
            ("kernel_shape", Kernel(t, dimensions)), ("strides", Each(t, 3, dimensions, 1)), ("pads", Twice(Each(t, 4, dimensions, 0))),
            ("dilations", Each(t, 5, dimensions, 1)), ("group", t.Integer(6, 1)));

    private static string Transposed(Translation t)
        => t.Node(
            "ConvTranspose", WithBias(t),
            ("kernel_shape", Kernel(t, 2)), ("strides", t.Pair(3, 1)), ("pads", Twice(t.Pair(4, 0))), ("output_padding", t.Pair(5, 0)),
            ("group", t.Integer(6, 1)), ("dilations", t.Pair(7, 1)));

    // Weight [out, in]: a matrix product takes it the other way round; of two dimensions there is an operator for that.
    private static string Linear(Translation t)
    {
        if (t.Tensor(0).Rank == 2)
            return t.Node("Gemm", WithBias(t), ("transB", 1L));
        string product = t.Node("MatMul", [t.In(0), t.Node("Transpose", [t.In(1)], ("perm", new[] { 1L, 0L }))]);
        return t.Has(2) ? t.Node("Add", [product, t.In(2)]) : product;
    }

    private static string BatchNorm(Translation t)
        => t.Flag(5)
            ? throw t.Fault("is in training")
            : t.Node("BatchNormalization", [t.In(0), t.In(1), t.In(2), t.In(3), t.In(4)], ("epsilon", t.Number(7, 1e-5)));

    // One slope for all, or one a channel: [C] to [C, 1, 1].
    private static string PRelu(Translation t)
    {
        bool single = t.Tensor(1).Shape[0].Is(1);
        long[] behind = [.. Range(t.Tensor(0).Rank - 1).Skip(1)];
        string slopes = single ? t.In(1) : t.Node("Unsqueeze", [t.In(1), t.Writer.Integers(behind)]);
        return t.Node("PRelu", [t.In(0), slopes]);
    }

    // The operator Gelu came with version 20.
    private static string Gelu(Translation t)
    {
        string scaled = t.Node("Div", [t.In(0), t.Writer.Scalar(Math.Sqrt(2), t.Result.Type)]);
        string shares = t.Node("Add", [t.Node("Erf", [scaled]), t.Writer.Scalar(1, t.Result.Type)]);
        return t.Node("Mul", [t.Node("Mul", [t.In(0), shares]), t.Writer.Scalar(0.5, t.Result.Type)]);
    }

    // [N, C, H, W] to [N, C, down, across], as products with matrices of shares: cell k holds the pixels from ⌊k·H/down⌋ to ⌈(k+1)·H/down⌉.
    private static string AdaptivePool(Translation t)
    {
        var cells = t.Integers(1);
        var shape = t.Tensor(0).Shape;
        if (cells is [1, 1])
            return t.Node("GlobalAveragePool", [t.In(0)]);
        string rows = Shares(t, cells[0], shape[2]), columns = Shares(t, cells[1], shape[3]);
        return t.Node("MatMul", [t.Node("MatMul", [rows, t.In(0)]), t.Node("Transpose", [columns], ("perm", new[] { 1L, 0L }))]);
    }

    /// <summary>[cells, size].</summary>
    private static string Shares(Translation t, long cells, SizeVector length)
    {
        var w = t.Writer;
        string size = w.Size(length), first = w.Node("Reshape", [w.Integers([.. Range(cells)]), w.Integers(cells, 1)]);
        string starts = w.Node("Div", [w.Node("Mul", [first, size]), w.Integers(cells)]);
        string next = w.Node("Mul", [w.Node("Add", [first, w.Integers(1)]), size]);
        string ends = w.Node("Div", [w.Node("Add", [next, w.Integers(cells - 1)]), w.Integers(cells)]);
        string pixels = Count(w, size);
        string inside = w.Node("And", [w.Node("GreaterOrEqual", [pixels, starts]), w.Node("Less", [pixels, ends])]);
        string counts = w.Node("Cast", [w.Node("Sub", [ends, starts])], ("to", (long)GraphWriter.TypeOf(DType.Float32)));
        return w.Node("Div", [w.Node("Cast", [inside], ("to", (long)GraphWriter.TypeOf(DType.Float32))), counts]);
    }

    /// <summary>0, 1, 2, … below a size, which is a list of one.</summary>
    private static string Count(GraphWriter w, string size)
        => w.Node("Range", [w.Scalar(0, DType.Int64), w.Node("Squeeze", [size, w.Integers(0)]), w.Scalar(1, DType.Int64)]);

    private static IEnumerable<long> Range(long count) => Enumerable.Range(0, (int)count).Select(k => (long)k);

    private static string[] WithBias(Translation t) => t.Has(2) ? [t.In(0), t.In(1), t.In(2)] : [t.In(0), t.In(1)];

    private static long[] Kernel(Translation t, int dimensions)
        => [.. t.Tensor(1).Shape.Skip(2).Take(dimensions).Select(size => size.Values[0])];

    private static long[] Each(Translation t, int argument, int dimensions, long usual)
    {
        var numbers = t.Integers(argument, usual);
        return numbers.Length == dimensions ? numbers : [.. Enumerable.Repeat(numbers.Length == 0 ? usual : numbers[0], dimensions)];
    }

    private static long[] Stride(Translation t) => t.Has(2) && t.Sizes(2).Length > 0 ? t.Pair(2, 1) : t.Pair(1, 1);

    /// <summary>The same before and after.</summary>
    private static long[] Twice(long[] pads) => [.. pads, .. pads];
}
