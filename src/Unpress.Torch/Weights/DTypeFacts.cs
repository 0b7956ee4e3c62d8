namespace Unpress.Torch.Weights;

/// <summary>Sizes and file-format names of the element types.</summary>
internal static class DTypeFacts
{
    private static readonly (DType DType, int Size, string SafeTensors, string Torch)[] All =
    [
        (DType.UInt8, 1, "U8", "ByteStorage"),
        (DType.Int8, 1, "I8", "CharStorage"),
        (DType.Int16, 2, "I16", "ShortStorage"),
        (DType.Int32, 4, "I32", "IntStorage"),
        (DType.Int64, 8, "I64", "LongStorage"),
        (DType.Float16, 2, "F16", "HalfStorage"),
        (DType.Float32, 4, "F32", "FloatStorage"),
        (DType.Float64, 8, "F64", "DoubleStorage"),
        (DType.Bool, 1, "BOOL", "BoolStorage"),
        (DType.BFloat16, 2, "BF16", "BFloat16Storage"),
    ];

    /// <summary>Bytes of one element.</summary>
    public static int ElementSize(DType dtype) => Row(dtype).Size;

    public static string SafeTensorsName(DType dtype) => Row(dtype).SafeTensors;

    public static DType? FromSafeTensorsName(string name) => Find(row => row.SafeTensors == name);

    /// <summary>Type of a storage class of the Python module <c>torch</c>, by its name without the module.</summary>
    public static DType? FromTorchStorage(string name) => Find(row => row.Torch == name);

    private static (DType DType, int Size, string SafeTensors, string Torch) Row(DType dtype)
    {
        int index = Array.FindIndex(All, row => row.DType == dtype);
        return index >= 0 ? All[index] : throw new ArgumentOutOfRangeException(nameof(dtype), dtype, "not an element type");
    }

    private static DType? Find(Predicate<(DType DType, int Size, string SafeTensors, string Torch)> match)
    {
        int index = Array.FindIndex(All, match);
        return index >= 0 ? All[index].DType : null;
    }
}
