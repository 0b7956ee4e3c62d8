namespace Unpress.Torch;

/// <summary>Facts about element types.</summary>
public static class DTypes
{
    /// <summary>Bytes of one element.</summary>
    public static int Size(this DType type) => type switch
    {
        DType.UInt8 or DType.Int8 or DType.Bool => 1,
        DType.Int16 or DType.Float16 or DType.BFloat16 => 2,
        DType.Int32 or DType.Float32 => 4,
        _ => 8,
    };

    internal static DType Of<T>() where T : unmanaged => default(T) switch
    {
        float => DType.Float32,
        double => DType.Float64,
        byte => DType.UInt8,
        sbyte => DType.Int8,
        short => DType.Int16,
        int => DType.Int32,
        long => DType.Int64,
        bool => DType.Bool,
        Half => DType.Float16,
        _ => throw new NotSupportedException($"no tensor holds {typeof(T).Name}"),
    };
}
