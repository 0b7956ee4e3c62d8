using System.Buffers.Binary;
using System.Globalization;
using System.Text;
using System.Text.RegularExpressions;

namespace Unpress.Torch.Weights;

/// <summary>The head of a <c>.npy</c> array: magic, version, length, and a Python dictionary of type, order and shape.</summary>
internal static partial class NumpyHeader
{
    private const int Alignment = 64;

    private static readonly (string Text, DType Type)[] Types =
    [
        ("<f8", DType.Float64), ("<f4", DType.Float32), ("<f2", DType.Float16), ("<i8", DType.Int64), ("<i4", DType.Int32), ("|u1", DType.UInt8),
    ];

    public static ReadOnlySpan<byte> Magic => [0x93, (byte)'N', (byte)'U', (byte)'M', (byte)'P', (byte)'Y'];

    public static (DType Type, long[] Shape, bool ByColumns, int Start) Read(MappedFile file, string name, ReadOnlySpan<byte> content)
    {
        if (content.Length < 12 || !content.StartsWith(Magic))
            throw file.Fault($"'{name}' is no array of NumPy");
        bool wide = content[6] >= 2;
        long length = wide ? BinaryPrimitives.ReadUInt32LittleEndian(content[8..]) : BinaryPrimitives.ReadUInt16LittleEndian(content[8..]);
        int from = wide ? 12 : 10;
        if (length > content.Length - from)
            throw file.Fault($"'{name}' is cut off");
        string head = Encoding.Latin1.GetString(content.Slice(from, (int)length));
        var match = Fields().Match(head);
        if (!match.Success)
            throw file.Fault($"'{name}' has a head that cannot be read: {head}");
        string type = match.Groups["type"].Value;
        int known = Array.FindIndex(Types, one => one.Text == type);
        if (known < 0)
            throw file.Fault($"'{name}' holds '{type}', which is not supported");
        string[] sizes = match.Groups["shape"].Value.Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries);
        long[] shape = Array.ConvertAll(sizes, size => long.TryParse(size, NumberStyles.None, CultureInfo.InvariantCulture, out long number)
            ? number
            : throw file.Fault($"'{name}' has a size that cannot be read: {size}"));
        return (Types[known].Type, shape, match.Groups["order"].Value == "True", from + (int)length);
    }

    public static byte[] Write(DType type, long[] shape)
    {
        int known = Array.FindIndex(Types, one => one.Type == type);
        if (known < 0)
            throw new ArgumentException($"arrays of {type} are not written");
        string sizes = string.Join(", ", shape) + (shape.Length == 1 ? "," : "");
        string head = $"{{'descr': '{Types[known].Text}', 'fortran_order': False, 'shape': ({sizes}), }}";
        int length = head.Length + 1;
        head = head.PadRight(head.Length + ((Alignment - ((10 + length) % Alignment)) % Alignment)) + "\n";
        var size = new byte[2];
        BinaryPrimitives.WriteUInt16LittleEndian(size, (ushort)head.Length);
        return [.. Magic, 1, 0, .. size, .. Encoding.ASCII.GetBytes(head)];
    }

    [GeneratedRegex(@"^\{'descr': '(?<type>[^']+)', 'fortran_order': (?<order>True|False), 'shape': \((?<shape>[0-9, ]*)\),? *\}\s*$")]
    private static partial Regex Fields();
}
