using System.Buffers.Binary;
using System.IO.Compression;
using System.Runtime.InteropServices;
using System.Text;

namespace Unpress.Torch.Weights;

/// <summary>
/// Arrays of doubles and of whole numbers up to 32 bits out of a MATLAB 5 file (.mat, what MATLAB writes by default). MATLAB stores columns one
/// after the other: sizes come out in reverse order, its columns as our rows. Those inside structs and cells have their path for a name, joined by
/// dots, places counted from 0: <c>model.rf.0.upper</c>. Everything else in the file (texts, complex numbers, objects) is passed over.
/// </summary>
internal static class MatlabFile
{
    private const int HeaderBytes = 128;
    private const int LargestVariable = 1 << 30;
    private const int Deepest = 16;

    // MATLAB's own end at 63 letters.
    private const int LongestName = 256;
    private const int Matrix = 14;
    private const int Compressed = 15;
    private const int CellClass = 1, StructClass = 2;
    private const int Complex = 0x800;

    // What deflate can at best do: a variable that claims more is none.
    private const int BestCompression = 1040;

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
            byte[] content = [];
            if (type == Compressed)
                (type, content) = Inflate(file, file.Slice(at + 8, size));
            else if (type == Matrix)
                content = file.Slice(at + 8, size).ToArray();
            else
                file.Require(at + 8, size);
            if (type == Matrix)
                Collect(file, content, null, 0, tensors);
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
            if (size > LargestVariable || size > packed.Length * (long)BestCompression)
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

    /// <param name="name">Of a part of another variable; null for one that has its own.</param>
    private static void Collect(MappedFile file, ReadOnlyMemory<byte> variable, string? name, int depth, List<StoredTensor> tensors)
    {
        if (variable.Length == 0)
            return; // an empty place of a cell
        if (depth > Deepest)
            throw file.Fault($"its structs and cells are nested deeper than {Deepest}");
        var flags = Element(file, ref variable, out _).Span;
        if (flags.Length < 4)
            throw file.Fault("a variable has no flags");
        uint kind = BinaryPrimitives.ReadUInt32LittleEndian(flags);
        long[] shape = [.. MemoryMarshal.Cast<byte, int>(Element(file, ref variable, out _).Span).ToArray().Reverse().Select(size => (long)size)];
        var own = Element(file, ref variable, out _).Span;
        if (own.Length > LongestName || tensors.Count > WeightFile.MostTensors)
            throw file.Fault(own.Length > LongestName ? $"has a name of {own.Length} letters" : WeightFile.TooMany);
        name ??= Encoding.ASCII.GetString(own);
        int number = (int)(kind & 0xFF);
        if (number == CellClass)
        {
            for (int i = 0; variable.Length > 0; i++)
                Collect(file, Element(file, ref variable, out _), $"{name}.{i}", depth + 1, tensors);
        }
        else if (number == StructClass)
            CollectFields(file, variable, name, depth, tensors);
        else if (ClassType(number) is { } dtype && (kind & Complex) == 0)
            tensors.Add(Numbers(file, name, dtype, shape, Element(file, ref variable, out int type), type));
    }

    // The length of a field's name, all names, then field after field of element after element.
    private static void CollectFields(MappedFile file, ReadOnlyMemory<byte> rest, string name, int depth, List<StoredTensor> tensors)
    {
        var length = Element(file, ref rest, out _).Span;
        var names = Element(file, ref rest, out _).Span;
        int each = length.Length == 4 ? BinaryPrimitives.ReadInt32LittleEndian(length) : 0;
        if (each < 1 || each > LongestName || names.Length % each != 0)
            throw file.Fault($"the names of the fields of {name} cannot be read");
        string[] fields = [.. names.ToArray().Chunk(each).Select(field => Encoding.ASCII.GetString(field).TrimEnd('\0'))];
        var parts = new List<ReadOnlyMemory<byte>>();
        while (rest.Length > 0 && fields.Length > 0)
            parts.Add(Element(file, ref rest, out _));
        for (int i = 0; i < parts.Count; i++)
        {
            string place = parts.Count == fields.Length ? "" : $"{i / fields.Length}.";
            Collect(file, parts[i], $"{name}.{place}{fields[i % fields.Length]}", depth + 1, tensors);
        }
    }

    /// <summary>The next part of a variable; short ones stand in the tag itself.</summary>
    private static ReadOnlyMemory<byte> Element(MappedFile file, ref ReadOnlyMemory<byte> rest, out int type)
    {
        if (rest.Length < 8)
            throw file.Fault("a variable ends early");
        uint first = BinaryPrimitives.ReadUInt32LittleEndian(rest.Span);
        int small = (int)(first >> 16);
        long size = small > 0 ? small : BinaryPrimitives.ReadUInt32LittleEndian(rest.Span[4..]);
        int start = small > 0 ? 4 : 8;
        if (size > rest.Length - start)
            throw file.Fault("a variable ends early");
        type = (int)(first & 0xFFFF);
        var content = rest.Slice(start, (int)size);
        rest = rest[(int)Math.Min(rest.Length, (start + size + 7) / 8 * 8)..];
        return content;
    }

    // MATLAB stores numbers in the smallest type that holds them; mostly that is their own, and nothing has to be copied.
    private static StoredTensor Numbers(MappedFile file, string name, DType dtype, long[] shape, ReadOnlyMemory<byte> raw, int type)
    {
        var bytes = StoredType(type) == dtype ? raw : dtype == DType.Float64 ? Bytes(Widen(file, raw.Span, type)) : Bytes(
            Array.ConvertAll(Widen(file, raw.Span, type), number => (int)number));
        if (StoredTensor.ByteLengthOf(dtype, shape) != bytes.Length)
            throw file.Fault($"{name} does not have the numbers of its sizes");
        return new StoredTensor(name, dtype, shape, bytes);
    }

    // Double, and int8 to uint16, which become int32 as int32 is.
    private static DType? ClassType(int number) => number switch
    {
        6 => DType.Float64,
        >= 8 and <= 12 => DType.Int32,
        _ => null,
    };

    private static DType? StoredType(int type) => type switch
    {
        5 => DType.Int32,
        9 => DType.Float64,
        _ => null,
    };

    private static double[] Widen(MappedFile file, ReadOnlySpan<byte> raw, int type) => type switch
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
        => Array.ConvertAll(MemoryMarshal.Cast<byte, T>(raw).ToArray(), widen);

    private static ReadOnlyMemory<byte> Bytes<T>(T[] numbers) where T : unmanaged => MemoryMarshal.AsBytes(numbers.AsSpan()).ToArray();
}
