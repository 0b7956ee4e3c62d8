namespace Unpress.Torch.Weights;

/// <summary>What the file formats call the element types.</summary>
internal static class DTypeNames
{
    private static readonly (DType DType, string SafeTensors, string Torch)[] All =
    [
        (DType.UInt8, "U8", "ByteStorage"),
        (DType.Int8, "I8", "CharStorage"),
        (DType.Int16, "I16", "ShortStorage"),
        (DType.Int32, "I32", "IntStorage"),
        (DType.Int64, "I64", "LongStorage"),
        (DType.Float16, "F16", "HalfStorage"),
        (DType.Float32, "F32", "FloatStorage"),
        (DType.Float64, "F64", "DoubleStorage"),
        (DType.Bool, "BOOL", "BoolStorage"),
        (DType.BFloat16, "BF16", "BFloat16Storage"),
    ];

    public static string SafeTensors(DType dtype) => Array.Find(All, row => row.DType == dtype).SafeTensors
        ?? throw new ArgumentOutOfRangeException(nameof(dtype), dtype, "not an element type");

    public static DType? FromSafeTensors(string name) => Find(row => row.SafeTensors == name);

    /// <summary>Type of a storage class of the Python module <c>torch</c>, by its name without the module.</summary>
    public static DType? FromTorchStorage(string name) => Find(row => row.Torch == name);

    private static DType? Find(Predicate<(DType DType, string SafeTensors, string Torch)> match)
    {
        int index = Array.FindIndex(All, match);
        return index >= 0 ? All[index].DType : null;
    }
}
