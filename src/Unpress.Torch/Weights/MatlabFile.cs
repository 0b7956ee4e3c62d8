using System.Buffers.Binary;
using System.IO.Compression;
using System.Runtime.InteropServices;
using System.Text;

namespace Unpress.Torch.Weights;

/// <summary>
/// Arrays of doubles out of a MATLAB 5 file (.mat, what MATLAB writes by default). MATLAB stores columns one after the other: sizes come out
/// in reverse order, its columns as our rows. Everything else in the file (structs, texts, complex numbers) is passed over.
/// </summary>
internal static class MatlabFile
{
    private const int HeaderBytes = 128;
    private const int LargestVariable = 1 << 28;
    private const int Matrix = 14;
    private const int Compressed = 15;
    private const int DoubleClass = 6;
    private const int Complex = 0x800;

    public static bool Recognises(ReadOnlySpan<byte> head) => head.StartsWith("MATLAB 5.0 MAT"u8);

    public static WeightFile Read(MappedFile file)
    {
        if (file.Length < HeaderBytes || !file.Slice(126, 2).SequenceEqual("IM"u8))
            throw file.Fault("is no MATLAB 5 file of a little-endian machine");
        var tensors = new List<StoredTensor>();
        for (long at = HeaderBytes; at < file.Length;)
        {
            var tag = file.Slice(at, 8);
            uint type = BinaryPrimitives.ReadUInt32LittleEndian(tag), size = BinaryPrimitives.ReadUInt32LittleEndian(tag[4..]);
            var content = file.Slice(at + 8, size);
            if (type == Compressed)
                (type, content) = Inflate(file, content);
            if (type == Matrix && Array(file, content) is { } tensor)
                tensors.Add(tensor);
            at += 8 + size;
        }

        return new WeightFile(file, tensors, new Dictionary<string, string>());
    }

    private static (uint Type, byte[] Content) Inflate(MappedFile file, ReadOnlySpan<byte> packed)
    {
        try
        {
            using var stream = new ZLibStream(new MemoryStream(packed.ToArray()), CompressionMode.Decompress);
            Span<byte> tag = stackalloc byte[8];
            stream.ReadExactly(tag);
            uint size = BinaryPrimitives.ReadUInt32LittleEndian(tag[4..]);
            if (size > LargestVariable)
                throw file.Fault($"a variable claims {size} bytes");
            var content = new byte[size];
            stream.ReadExactly(content);
            return (BinaryPrimitives.ReadUInt32LittleEndian(tag), content);
        }
        catch (Exception error) when (error is InvalidDataException or EndOfStreamException)
        {
            throw file.Fault($"is damaged: {error.Message}", error);
        }
    }

    /// <summary>An array of real doubles; null for any other variable.</summary>
    private static StoredTensor? Array(MappedFile file, ReadOnlySpan<byte> variable)
    {
        var flags = Element(file, ref variable, out _);
        if (flags.Length < 4)
            throw file.Fault("a variable has no flags");
        uint kind = BinaryPrimitives.ReadUInt32LittleEndian(flags);
        long[] shape = [.. MemoryMarshal.Cast<byte, int>(Element(file, ref variable, out _)).ToArray().Reverse().Select(size => (long)size)];
        string name = Encoding.ASCII.GetString(Element(file, ref variable, out _));
        if ((kind & 0xFF) != DoubleClass || (kind & Complex) != 0)
            return null;
        double[] numbers = Numbers(file, Element(file, ref variable, out int type), type);
        if (StoredTensor.ByteLengthOf(DType.Float64, shape) != numbers.Length * sizeof(double))
            throw file.Fault($"{name} has {numbers.Length} numbers, not those of its sizes");
        return new StoredTensor(name, DType.Float64, shape, MemoryMarshal.AsBytes(numbers.AsSpan()).ToArray());
    }

    /// <summary>The next part of a variable; short ones stand in the tag itself.</summary>
    private static ReadOnlySpan<byte> Element(MappedFile file, ref ReadOnlySpan<byte> rest, out int type)
    {
        if (rest.Length < 8)
            throw file.Fault("a variable ends early");
        uint first = BinaryPrimitives.ReadUInt32LittleEndian(rest);
        int small = (int)(first >> 16);
        long size = small > 0 ? small : BinaryPrimitives.ReadUInt32LittleEndian(rest[4..]);
        int start = small > 0 ? 4 : 8;
        if (size > rest.Length - start)
            throw file.Fault("a variable ends early");
        type = (int)(first & 0xFFFF);
        var content = rest.Slice(start, (int)size);
        rest = rest[(int)Math.Min(rest.Length, (start + size + 7) / 8 * 8)..];
        return content;
    }

    // MATLAB stores doubles that are whole numbers in the smallest type that holds them.
    private static double[] Numbers(MappedFile file, ReadOnlySpan<byte> raw, int type) => type switch
    {
        1 => Cast<sbyte>(raw, value => value),
        2 => Cast<byte>(raw, value => value),
        3 => Cast<short>(raw, value => value),
        4 => Cast<ushort>(raw, value => value),
        5 => Cast<int>(raw, value => value),
        6 => Cast<uint>(raw, value => value),
        7 => Cast<float>(raw, value => value),
        9 => Cast<double>(raw, value => value),
        _ => throw file.Fault($"numbers of an unknown type ({type})"),
    };

    private static double[] Cast<T>(ReadOnlySpan<byte> raw, Converter<T, double> widen) where T : unmanaged
        => System.Array.ConvertAll(MemoryMarshal.Cast<byte, T>(raw).ToArray(), widen);
}
