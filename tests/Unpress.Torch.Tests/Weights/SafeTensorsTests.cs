using System.Buffers.Binary;
using System.Text;
using Unpress.Torch.Weights;

namespace Unpress.Torch.Tests.Weights;

public sealed class SafeTensorsTests : IDisposable
{
    private const string A4 = """{"a":{"dtype":"U8","shape":[4],"data_offsets":[0,4]}}""";

    private readonly TempFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void Everything_saved_comes_back()
    {
        StoredTensor[] tensors =
        [
            new("odd.u8", DType.UInt8, [3], new byte[] { 1, 2, 3 }),
            new("weight", DType.Float32, [1, 2], Bytes(0.5f, -2f)),
            new("größe \"x\"", DType.Int64, [], BitConverter.GetBytes(-7L)),
            new("empty", DType.BFloat16, [0, 5], ReadOnlyMemory<byte>.Empty),
        ];
        SafeTensors.Save(_folder["a"], tensors, new Dictionary<string, string> { ["made by"] = "a\ntest" });

        using WeightFile file = WeightFile.Open(_folder["a"]);
        Assert.Equal("a\ntest", Assert.Single(file.Metadata).Value);
        Assert.Equal(tensors.Length, file.Tensors.Count);
        foreach (StoredTensor saved in tensors)
        {
            StoredTensor read = file[saved.Name];
            Assert.Equal((saved.DType, saved.ElementCount), (read.DType, read.ElementCount));
            Assert.Equal(saved.Shape, read.Shape);
            Assert.Equal(saved.Bytes.ToArray(), read.Bytes.ToArray());
        }
        Assert.Equal([-7L], file["größe \"x\""].Values<long>());
    }

    [Fact]
    public void The_same_content_gives_the_same_bytes_aligned_and_nothing_else_is_left()
    {
        StoredTensor[] tensors = [new("b", DType.UInt8, [1], new byte[] { 9 }), new("z", DType.Float64, [1], new byte[8]),
            new("a", DType.UInt8, [2], new byte[] { 7, 8 })];
        SafeTensors.Save(_folder["1"], tensors);
        SafeTensors.Save(_folder["2"], tensors.Reverse());

        byte[] bytes = File.ReadAllBytes(_folder["1"]);
        Assert.Equal(bytes, File.ReadAllBytes(_folder["2"]));
        Assert.Equal(["1", "2"], _folder.Names.Order());
        Assert.Equal(0, BinaryPrimitives.ReadInt64LittleEndian(bytes) % 8);
        using WeightFile file = SafeTensors.Open(_folder["1"]);
        Assert.Equal(["z", "a", "b"], file.Tensors.Select(tensor => tensor.Name));
        Assert.Equal([7, 8, 9], bytes[^3..]);
    }

    [Fact]
    public void A_save_that_fails_leaves_the_old_file_and_no_other()
    {
        File.WriteAllText(_folder["keep"], "old");
        StoredTensor gone;
        SafeTensors.Save(_folder["source"], [new("x", DType.UInt8, [1], new byte[1])]);
        using (WeightFile source = SafeTensors.Open(_folder["source"])) gone = source["x"];

        Assert.Throws<ObjectDisposedException>(() => SafeTensors.Save(_folder["keep"], [gone]));
        Assert.Equal("old", File.ReadAllText(_folder["keep"]));
        Assert.Equal(["keep", "source"], _folder.Names.Order());
    }

    [Fact]
    public void What_is_half_written_when_the_process_ends_is_discarded()
    {
        Assert.Throws<InvalidFileException>(() => NumpyArchive.Save(_folder["a"], Arrays()));
        Assert.Empty(_folder.Names);

        IEnumerable<StoredTensor> Arrays()
        {
            yield return new("x", DType.UInt8, [1], new byte[1]);
            Assert.Single(_folder.Names);
            Leftovers.Remove();
            Assert.Empty(_folder.Names);
        }
    }

    [Fact]
    public void Two_tensors_of_one_name_are_not_saved()
    {
        var tensor = new StoredTensor("x", DType.UInt8, [1], new byte[1]);
        Assert.Throws<ArgumentException>(() => SafeTensors.Save(_folder["x"], [tensor, tensor]));
        Assert.Throws<ArgumentException>(() => SafeTensors.Save(_folder["x"], [tensor.Renamed("__metadata__")]));
        Assert.Empty(_folder.Names);
    }

    [Fact]
    public void A_tensor_needs_exactly_its_bytes()
    {
        Assert.Throws<ArgumentException>(() => new StoredTensor("x", DType.Float32, [2], new byte[7]));
        Assert.Throws<ArgumentException>(() => new StoredTensor("x", DType.UInt8, [-1], ReadOnlyMemory<byte>.Empty));
        Assert.Throws<ArgumentException>(() => new StoredTensor("x", DType.UInt8, [1L << 40, 1L << 40], ReadOnlyMemory<byte>.Empty));
    }

    [Theory]
    [InlineData(A4)]
    [InlineData(A4 + "   ")]
    [InlineData("""{"__metadata__":{},"b":{"shape":[2,1],"data_offsets":[2,4],"dtype":"BOOL"},"a":{"dtype":"F16","shape":[],"data_offsets":[0,2]}}""")]
    [InlineData("""{"e":{"dtype":"F64","shape":[0,9],"data_offsets":[4,4]},"a":{"dtype":"I32","shape":[1],"data_offsets":[0,4]}}""")]
    public void A_sound_header_opens(string header) => Assert.Null(FaultOf(header, 4));

    [Theory]
    [InlineData(A4, 3, "truncated")]
    [InlineData(A4, 5, "belong to no tensor")]
    [InlineData("""{"a":{"dtype":"U8","shape":[2],"data_offsets":[0,2]},"b":{"dtype":"U8","shape":[3],"data_offsets":[1,4]}}""", 4, "overlaps")]
    [InlineData("""{"a":{"dtype":"U8","shape":[1],"data_offsets":[0,1]},"b":{"dtype":"U8","shape":[1],"data_offsets":[3,4]}}""", 4, "belong to no tensor")]
    [InlineData("""{"a":{"dtype":"U8","shape":[4],"data_offsets":[0,4]},"a":{"dtype":"U8","shape":[0],"data_offsets":[4,4]}}""", 4, "twice")]
    [InlineData("""{"__metadata__":{"k":"1","k":"2"}}""", 0, "twice")]
    [InlineData("""{"__metadata__":{"k":1}}""", 0, "not the JSON")]
    [InlineData("""{"a":{"dtype":"F8_E4M3","shape":[4],"data_offsets":[0,4]}}""", 4, "F8_E4M3")]
    [InlineData("""{"a":{"dtype":"U8","shape":[5],"data_offsets":[0,4]}}""", 4, "needs 5 bytes")]
    [InlineData("""{"a":{"dtype":"U8","shape":[-4],"data_offsets":[0,4]}}""", 4, "shape")]
    [InlineData("""{"a":{"dtype":"U8","shape":[4294967296,4294967296],"data_offsets":[0,0]}}""", 0, "2 GiB")]
    [InlineData("""{"a":{"dtype":"U8","shape":[1e2],"data_offsets":[0,4]}}""", 4, "not the JSON")]
    [InlineData("""{"a":{"dtype":"U8","shape":[NaN],"data_offsets":[0,4]}}""", 4, "not the JSON")]
    [InlineData("""{"a":{"dtype":"U8","shape":[4],"data_offsets":[-4,0]}}""", 4, "offsets")]
    [InlineData("""{"a":{"dtype":"U8","shape":[4],"data_offsets":[0,4,8]}}""", 4, "data_offsets")]
    [InlineData("""{"a":{"dtype":"U8","data_offsets":[0,4]}}""", 4, "needs dtype")]
    [InlineData("""{"a":{"dtype":"U8","shape":[4],"data_offsets":[0,4],"more":1}}""", 4, "unknown or repeated")]
    [InlineData("""{"a":[]}""", 0, "not the JSON")]
    [InlineData("""{"\ud800":{}}""", 0, "not the JSON")]
    [InlineData("""{"a":{"dtype":"U8","shape":[[[[4]]]],"data_offsets":[0,4]}}""", 4, "not the JSON")]
    [InlineData("{} {}", 0, "not the JSON")]
    [InlineData("{", 0, "not the JSON")]
    public void A_broken_header_is_refused(string header, int dataLength, string reason) =>
        AssertFault(FaultOf(header, dataLength), reason);

    [Theory]
    [InlineData(100_000_001UL, "more than the")]
    [InlineData(ulong.MaxValue, "more than the")]
    [InlineData(99_999_999UL, "truncated")]
    public void A_header_longer_than_allowed_or_than_the_file_is_refused(ulong length, string reason)
    {
        byte[] bytes = FileOf(A4, 4);
        BinaryPrimitives.WriteUInt64LittleEndian(bytes, length);
        AssertFault(Golden.FaultOf(bytes, _folder["x"]), reason);
    }

    [Theory]
    [InlineData("", "empty")]
    [InlineData("hello, I am no weight file", "neither")]
    public void Other_files_are_refused(string text, string reason) =>
        AssertFault(Golden.FaultOf(Encoding.UTF8.GetBytes(text), _folder["x"]), reason);

    [Fact]
    public void A_missing_file_and_a_folder_are_refused()
    {
        AssertFault(Assert.Throws<WeightsFormatException>(() => WeightFile.Open(_folder["none"])), "no such file");
        AssertFault(Assert.Throws<WeightsFormatException>(() => WeightFile.Open(_folder["."])), "is a folder");
    }

    [Fact]
    public void A_reason_stays_one_line_whatever_the_file_says()
    {
        WeightsFormatException? fault = FaultOf("{\"a\\n\\u001b[31m" + new string('x', 5000) + "\":{}}", 0);
        AssertFault(fault, "a  [31mxxx");
        Assert.InRange(fault!.Message.Length, 1, 1000);
    }

    [Fact]
    public void Bytes_of_a_closed_file_are_not_read()
    {
        WeightFile file = SafeTensors.Open(Write(FileOf(A4, 4)));
        StoredTensor tensor = file["a"];
        file.Dispose();
        Assert.Throws<ObjectDisposedException>(() => tensor.Bytes.Length);
    }

    private static void AssertFault(WeightsFormatException? fault, string reason)
    {
        Assert.NotNull(fault);
        Assert.Contains(reason, fault.Message, StringComparison.Ordinal);
        Assert.StartsWith(fault.Path + ": ", fault.Message, StringComparison.Ordinal);
        Assert.DoesNotContain(fault.Message, char.IsControl);
    }

    private static byte[] Bytes(params float[] values) => [.. values.SelectMany(BitConverter.GetBytes)];

    private static byte[] FileOf(string header, int dataLength)
    {
        byte[] text = Encoding.UTF8.GetBytes(header);
        return [.. BitConverter.GetBytes((long)text.Length), .. text, .. new byte[dataLength]];
    }

    private WeightsFormatException? FaultOf(string header, int dataLength) => Golden.FaultOf(FileOf(header, dataLength), _folder["x"]);

    private string Write(byte[] bytes)
    {
        File.WriteAllBytes(_folder["x"], bytes);
        return _folder["x"];
    }
}
