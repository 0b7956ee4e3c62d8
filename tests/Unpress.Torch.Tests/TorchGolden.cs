using Unpress.Torch.Weights;

namespace Unpress.Torch.Tests;

/// <summary>What PyTorch computed: the float64 files of tests/golden/torch.</summary>
internal static class TorchGolden
{
    public static WeightFile Open(string name) => WeightFile.Open(RepoPaths.Combine("tests", "golden", "torch", name));

    public static Tensor Load(this WeightFile file, string name)
    {
        StoredTensor stored = file[name];
        return Tensor.FromBytes(stored.Bytes, stored.DType, stored.Shape);
    }

    /// <summary>Same shape, and numbers that differ by rounding at most.</summary>
    public static void AssertClose(StoredTensor expected, Tensor actual, double tolerance = 1e-12)
    {
        Assert.Equal(expected.Shape, actual.Shape);
        double[] wanted = System.Runtime.InteropServices.MemoryMarshal.Cast<byte, double>(expected.Bytes).ToArray();
        double[] got = actual.ToArray<double>();
        for (int k = 0; k < wanted.Length; k++)
            Assert.True(Math.Abs(wanted[k] - got[k]) <= tolerance * (1 + Math.Abs(wanted[k])), $"{expected.Name}[{k}]: {got[k]}, expected {wanted[k]}");
    }
}
