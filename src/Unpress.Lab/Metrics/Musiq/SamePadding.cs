using Unpress.Torch;

namespace Unpress.Metrics;

/// <summary>TensorFlow's "SAME": zeros so that the output has ⌈size/stride⌉ places; of an odd number, one more behind than before.</summary>
internal static class SamePadding
{
    public static Tensor Apply(Tensor input, long kernel, long stride)
    {
        long high = Needed(input.Size(2), kernel, stride), wide = Needed(input.Size(3), kernel, stride);
        return Functional.Pad(input, wide / 2, wide - (wide / 2), high / 2, high - (high / 2), Padding.Zero);
    }

    private static long Needed(long size, long kernel, long stride) => Math.Max(0, ((((size + stride - 1) / stride) - 1) * stride) + kernel - size);
}
