namespace Unpress.Torch;

/// <summary>
/// The result's shape for operators that libtorch's C++ library cannot run on shapes alone: the rules for these are in PyTorch's Python part.
/// </summary>
internal static class ShapeRules
{
    private delegate long[] Rule(ReadOnlySpan<Value> arguments);

    private static readonly Dictionary<string, Rule> Rules = new()
    {
        ["aten::abs"] = Same,
        ["aten::relu"] = Same,
        ["aten::prelu"] = Same,
        ["aten::batch_norm"] = Same,
        ["aten::group_norm"] = Same,
        ["aten::instance_norm"] = Same,
        ["aten::layer_norm"] = Same,
        ["aten::roll"] = Same,
        ["aten::flip"] = Same,
        ["aten::l1_loss"] = static _ => [],
        ["aten::dot"] = static _ => [],
        ["aten::max"] = static _ => [],
        ["aten::min"] = static _ => [],
        ["aten::conv2d"] = Convolved,
        ["aten::conv_transpose2d.input"] = Deconvolved,
        ["aten::pixel_shuffle"] = static a => Folded(a, 1),
        ["aten::pixel_unshuffle"] = static a => Folded(a, -1),
        ["aten::adaptive_avg_pool2d"] = static a => [.. Shape(a, 0)[..^2], .. Longs(a, 1)],
        ["aten::reflection_pad2d"] = Padded,
        ["aten::replication_pad2d"] = Padded,
        ["aten::index_select"] = Selected,
    };

    /// <summary>Null where libtorch knows itself.</summary>
    public static long[]? Of(string name, ReadOnlySpan<Value> arguments)
        => arguments is [{ Tensor: { } first }, ..] && Rules.TryGetValue(name, out var rule) && first.Device.IsMeta ? rule(arguments) : null;

    private static long[] Same(ReadOnlySpan<Value> arguments) => Shape(arguments, 0);

    private static long[] Convolved(ReadOnlySpan<Value> a)
    {
        long[] input = Shape(a, 0), weight = Shape(a, 1), stride = Longs(a, 3, 1), padding = Longs(a, 4, 0), dilation = Longs(a, 5, 1);
        long groups = a.Length > 6 ? a[6].Integer : 1;
        if (input.Length != 4 || input[1] != weight[1] * groups)
            throw new TorchException($"aten::conv2d: weight [{string.Join(", ", weight)}] does not fit [{string.Join(", ", input)}]");
        return [input[0], weight[0], Side(0), Side(1)];

        long Side(int k) => ((input[2 + k] + (2 * padding[k]) - (dilation[k] * (weight[2 + k] - 1)) - 1) / stride[k]) + 1;
    }

    private static long[] Deconvolved(ReadOnlySpan<Value> a)
    {
        long[] input = Shape(a, 0), weight = Shape(a, 1), stride = Longs(a, 3, 1), padding = Longs(a, 4, 0), more = Longs(a, 5, 0);
        long groups = a.Length > 6 ? a[6].Integer : 1;
        long[] dilation = Longs(a, 7, 1);
        if (input.Length != 4 || input[1] != weight[0])
            throw new TorchException($"aten::conv_transpose2d: weight [{string.Join(", ", weight)}] does not fit [{string.Join(", ", input)}]");
        return [input[0], weight[1] * groups, Side(0), Side(1)];

        long Side(int k) => ((input[2 + k] - 1) * stride[k]) - (2 * padding[k]) + (dilation[k] * (weight[2 + k] - 1)) + more[k] + 1;
    }

    /// <summary>Channels into pixels (1) or pixels into channels (-1).</summary>
    private static long[] Folded(ReadOnlySpan<Value> a, int direction)
    {
        long[] shape = Shape(a, 0);
        long factor = a[1].Integer, area = factor * factor;
        return direction > 0
            ? [.. shape[..^3], shape[^3] / area, shape[^2] * factor, shape[^1] * factor]
            : [.. shape[..^3], shape[^3] * area, shape[^2] / factor, shape[^1] / factor];
    }

    private static long[] Padded(ReadOnlySpan<Value> a)
    {
        long[] shape = Shape(a, 0), sizes = Longs(a, 1); // left, right, top, bottom
        return [.. shape[..^2], shape[^2] + sizes[2] + sizes[3], shape[^1] + sizes[0] + sizes[1]];
    }

    private static long[] Selected(ReadOnlySpan<Value> a)
    {
        long[] shape = [.. Shape(a, 0)];
        long dimension = a[1].Integer;
        shape[dimension < 0 ? dimension + shape.Length : dimension] = a[2].Tensor!.Count;
        return shape;
    }

    private static long[] Shape(ReadOnlySpan<Value> arguments, int k) => arguments[k].Tensor!.Shape;

    private static long[] Longs(ReadOnlySpan<Value> arguments, int k, long missing = 0)
        => k < arguments.Length && arguments[k].Reference is long[] { Length: > 0 } numbers
            ? numbers.Length == 1 ? [numbers[0], numbers[0]] : numbers
            : [missing, missing];
}
