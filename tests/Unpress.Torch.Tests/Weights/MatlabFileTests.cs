using System.Buffers.Binary;
using System.IO.Compression;
using System.Text;
using Unpress.Torch.Weights;

namespace Unpress.Torch.Tests.Weights;

public sealed class MatlabFileTests
{
    private static readonly double[] Column = [1.5, -2, 3, 4, 5, 6];

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void Arrays_of_doubles_come_out_with_columns_as_rows_and_the_rest_is_passed_over(bool compressed)
    {
        using var folder = new TempFolder();
        string path = folder["model.mat"];
        byte[] text = Variable("note", charClass: 4, [1, 2], 2, [104, 105]);
        byte[] whole = Variable("few", charClass: 6, [1, 3], 2, [7, 8, 9]); // doubles stored as bytes
        byte[] cof = Variable("cof", charClass: 6, [3, 2], 9, [.. Column.SelectMany(BitConverter.GetBytes)]);
        File.WriteAllBytes(path, [.. Header(), .. Pack(text, compressed), .. Pack(cof, compressed), .. Pack(whole, compressed)]);

        using var file = WeightFile.Open(path);
        Assert.Equal(["cof", "few"], file.Tensors.Select(tensor => tensor.Name));
        using var first = file["cof"].ToTensor();
        Assert.Equal([2, 3], first.Shape);
        Assert.Equal(Column, first.ToArray<double>());
        using var second = file["few"].ToTensor();
        Assert.Equal([3, 1], second.Shape);
        Assert.Equal([7.0, 8, 9], second.ToArray<double>());
    }

    // model = struct('linear', [1.5; -2; 3], 'rf', {{struct('left', int32([4 5])), 'no number'}})
    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void Structs_and_cells_give_their_arrays_by_path(bool compressed)
    {
        using var folder = new TempFolder();
        string path = folder["model.mat"];
        byte[] forest = Nested("", 2, [1, 1], [.. Fields("left"), .. Variable("", charClass: 12, [1, 2], 5, [4, 0, 0, 0, 5, 0, 0, 0])]);
        byte[] cell = Nested("", 1, [1, 2], [.. forest, .. Variable("", charClass: 4, [1, 2], 2, [104, 105])]);
        byte[] linear = Variable("", charClass: 6, [3, 1], 9, [.. Column.Take(3).SelectMany(BitConverter.GetBytes)]);
        File.WriteAllBytes(path, [.. Header(), .. Pack(Nested("model", 2, [1, 1], [.. Fields("linear", "rf"), .. linear, .. cell]), compressed)]);

        using var file = WeightFile.Open(path);
        Assert.Equal(["model.linear", "model.rf.0.left"], file.Tensors.Select(tensor => tensor.Name));
        Assert.Equal([1.5, -2, 3], file["model.linear"].Values<double>());
        Assert.Equal([4, 5], file["model.rf.0.left"].Values<int>());
        Assert.Equal([2, 1], file["model.rf.0.left"].Shape);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void Damage_is_named_whatever_byte_is_missing(bool compressed)
    {
        using var folder = new TempFolder();
        string path = folder["model.mat"];
        byte[] bytes = [.. Header(), .. Pack(Variable("cof", 6, [3, 2], 9, [.. Column.SelectMany(BitConverter.GetBytes)]), compressed)];
        for (int length = 60; length < bytes.Length; length++)
        {
            if (length == 128) // a file without variables is whole
                continue;
            File.WriteAllBytes(path, bytes[..length]);
            Assert.Contains(path, Assert.Throws<WeightsFormatException>(() => WeightFile.Open(path).Dispose()).Message);
        }
    }

    private static byte[] Header() => [.. Encoding.ASCII.GetBytes("MATLAB 5.0 MAT-file, made by a test".PadRight(124)), 0, 1, (byte)'I', (byte)'M'];

    private static byte[] Pack(byte[] variable, bool compressed)
    {
        if (!compressed)
            return variable;
        using var packed = new MemoryStream();
        using (var stream = new ZLibStream(packed, CompressionLevel.Fastest, leaveOpen: true))
            stream.Write(variable);
        return [.. Tag(15, (int)packed.Length), .. packed.ToArray()];
    }

    private static byte[] Variable(string name, int charClass, int[] sizes, int type, byte[] numbers) => Nested(name, charClass, sizes, Element(type, numbers));

    private static byte[] Nested(string name, int charClass, int[] sizes, byte[] parts)
    {
        byte[] content =
        [
            .. Element(6, [(byte)charClass, 0, 0, 0, 0, 0, 0, 0]), .. Element(5, [.. sizes.SelectMany(BitConverter.GetBytes)]),
            .. Element(1, Encoding.ASCII.GetBytes(name)), .. parts,
        ];
        return [.. Tag(14, content.Length), .. content];
    }

    private static byte[] Fields(params string[] names)
        => [.. Element(5, [8, 0, 0, 0]), .. Element(1, [.. names.SelectMany(name => Encoding.ASCII.GetBytes(name.PadRight(8, '\0')))])];

    // Four bytes or fewer stand in the tag.
    private static byte[] Element(int type, byte[] data)
    {
        if (data.Length <= 4)
            return [.. BitConverter.GetBytes((data.Length << 16) | type), .. data, .. new byte[4 - data.Length]];
        return [.. Tag(type, data.Length), .. data, .. new byte[(8 - (data.Length % 8)) % 8]];
    }

    private static byte[] Tag(int type, int size)
    {
        var tag = new byte[8];
        BinaryPrimitives.WriteInt32LittleEndian(tag, type);
        BinaryPrimitives.WriteInt32LittleEndian(tag.AsSpan(4), size);
        return tag;
    }
}
