using System.Runtime.InteropServices;
using Unpress.Torch.Weights;

namespace Unpress.Torch.Tests.Weights;

/// <summary>The files of tests/golden/weights, and a place for files that a test makes.</summary>
internal static class Golden
{
    public static string File(string name) => RepoPaths.Combine("tests", "golden", "weights", name);

    public static T[] Values<T>(this StoredTensor tensor)
        where T : unmanaged => MemoryMarshal.Cast<byte, T>(tensor.Bytes).ToArray();

    /// <summary>Opens bytes as a file, reads every tensor and returns the fault, or null where there was none.</summary>
    public static WeightsFormatException? FaultOf(ReadOnlySpan<byte> bytes, string path)
    {
        System.IO.File.WriteAllBytes(path, bytes);
        try
        {
            using WeightFile file = WeightFile.Open(path);
            foreach (StoredTensor tensor in file.Tensors) Assert.Equal(tensor.ByteLength, tensor.Bytes.ToArray().Length);
            return null;
        }
        catch (WeightsFormatException e)
        {
            return e;
        }
    }
}
