using System.Runtime.InteropServices;
using Unpress.Torch;
using Unpress.Torch.Weights;

namespace Unpress.Metrics;

/// <summary>Arrays of doubles in and out of files.</summary>
internal static class StoredDoubles
{
    public static StoredTensor Of(string name, double[] numbers, params long[] shape)
        => new(name, DType.Float64, shape, MemoryMarshal.AsBytes(numbers.AsSpan()).ToArray());

    public static double[] ToDoubles(this StoredTensor stored)
    {
        using var tensor = stored.ToTensor();
        using var wide = tensor.To(DType.Float64);
        return wide.ToArray<double>();
    }
}
