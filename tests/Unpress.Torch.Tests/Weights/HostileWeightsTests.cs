using System.Diagnostics;
using System.Text;
using Unpress.Torch.Weights;

namespace Unpress.Torch.Tests.Weights;

/// <summary>Damaged and hostile files: one exception type, quickly, with little memory.</summary>
public sealed class HostileWeightsTests : IDisposable
{
    private static readonly string[] Names = ["tensors_zip.pth", "tensors_legacy.pth", "checkpoint_zip.pth", "checkpoint_legacy.pth"];

    private readonly TempFolder _folder = new();

    public static TheoryData<string> Files => [.. Names];

    public void Dispose() => _folder.Dispose();

    [Theory]
    [MemberData(nameof(Files))]
    public void A_file_cut_anywhere_is_refused(string name)
    {
        byte[] whole = File.ReadAllBytes(Golden.File(name));
        for (int length = 0; length < whole.Length; length++)
            Assert.True(Golden.FaultOf(whole.AsSpan(0, length), _folder["cut"]) is not null, $"{name} cut to {length} bytes was read");
        Assert.Null(Golden.FaultOf(whole, _folder["cut"]));
    }

    [Fact]
    public void A_safetensors_file_cut_anywhere_is_refused()
    {
        byte[] whole = MakeSafeTensors();
        for (int length = 0; length < whole.Length; length++)
            Assert.NotNull(Golden.FaultOf(whole.AsSpan(0, length), _folder["cut"]));
    }

    [Fact]
    public void Arrays_of_NumPy_whose_sizes_are_too_large_or_that_fill_the_memory_are_refused()
    {
        byte[] head = [.. "\u0093NUMPY\u0001\0"u8[1..]]; // without the first byte of the sign's two in UTF-8
        Assert.Contains("size that cannot be read", Golden.FaultOf(Npy(head, "(99999999999999999999999,)"), _folder["a.npy"])!.Message,
            StringComparison.Ordinal);
        Assert.NotNull(Golden.FaultOf(Npy(head, "(9223372036854775807, 9223372036854775807)"), _folder["b.npy"]));
        using (var zip = System.IO.Compression.ZipFile.Open(_folder["bomb.npz"], System.IO.Compression.ZipArchiveMode.Create))
        using (var entry = zip.CreateEntry("a.npy").Open())
        {
            entry.Write(Npy(head, "(67108864,)"));
            var zeros = new byte[1 << 20];
            for (int i = 0; i < 64; i++)
                entry.Write(zeros);
        }
        Assert.Contains("bytes in", Golden.FaultOf(File.ReadAllBytes(_folder["bomb.npz"]), _folder["bomb2.npz"])!.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Two_arrays_of_one_name_are_refused()
    {
        using (var zip = System.IO.Compression.ZipFile.Open(_folder["twice.npz"], System.IO.Compression.ZipArchiveMode.Create))
        {
            for (int i = 0; i < 2; i++)
            {
                using var entry = zip.CreateEntry("a.npy").Open();
                entry.Write([.. Npy([.. "\u0093NUMPY\u0001\0"u8[1..]], "(1,)"), 5]);
            }
        }
        Assert.Contains("twice", Golden.FaultOf(File.ReadAllBytes(_folder["twice.npz"]), _folder["twice2.npz"])!.Message, StringComparison.Ordinal);
    }

    private static byte[] Npy(byte[] head, string shape)
    {
        byte[] fields = Encoding.ASCII.GetBytes($"{{'descr': '|u1', 'fortran_order': False, 'shape': {shape}, }}\n");
        return [.. head, (byte)fields.Length, 0, .. fields];
    }

    [Fact]
    public void Ten_thousand_mutations_end_well_or_in_the_one_exception()
    {
        byte[][] seeds = [.. Names.Select(name => File.ReadAllBytes(Golden.File(name))), MakeSafeTensors(), MakeNumpy()];
        var random = new Random(20260601);
        int refused = 0;
        const int runs = 10_000;
        for (int run = 0; run < runs; run++)
            if (Golden.FaultOf(Mutate(seeds[run % seeds.Length], random), _folder["mutant"]) is not null) refused++;
        // Both ends must be well visited, or the mutations are too mild or too wild to say anything.
        Assert.InRange(refused, runs / 20, runs * 19 / 20);
    }

    [Theory]
    [InlineData("]q\0h\0a.", "nested deeper")] // a list that holds itself
    [InlineData("(.", "missing")]
    [InlineData("NN.", "left over")]
    [InlineData("h\u0007.", "no value 7")]
    [InlineData("NNs.", "missing")]
    [InlineData("NNNs.", "no dict")]
    [InlineData("X\u007f\u007f\u007f\u007f", "ends early")]
    [InlineData("K\u0001)R.", "no class")]
    [InlineData("ccollections\nOrderedDict\nN\u0085R.", "wrong arguments")]
    [InlineData("ccollections\nOrderedDict\n)R}b.", null)]
    [InlineData("ccollections\nOrderedDict\n)RK\u0001b.", "attributes")]
    [InlineData("ctorch._utils\n_rebuild_tensor_v2\n)R.", "not understood")]
    [InlineData("cbuiltins\neval\n.", "builtins.eval")]
    [InlineData("ctorch\nQInt8Storage\n.", "torch.QInt8Storage")]
    [InlineData("i", "0x69 is refused")]
    [InlineData("\u0080\u0004N.", "protocol 4")]
    public void Pickles_of_no_good_are_refused(string pickle, string? reason)
    {
        WeightsFormatException? fault = Golden.FaultOf(Legacy(Encoding.Latin1.GetBytes(pickle)), _folder["x"]);
        if (reason is null) Assert.Null(fault);
        else Assert.Contains(reason, fault!.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_storage_larger_than_the_file_is_refused_before_anything_is_reserved()
    {
        string pickle = "(U\u0007storagectorch\nFloatStorage\nU\u00010U\u0003cpuJ\u00ff\u00ff\u00ff\u007ftQ.";
        Assert.Contains("more than the file", Golden.FaultOf(Legacy(Encoding.Latin1.GetBytes(pickle)), _folder["x"])!.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("K\u0005", "K\u0001", "beyond")] // five elements, the storage has four
    [InlineData("K\u0002", "K\u0004", "beyond")]
    [InlineData("J\u00ff\u00ff\u00ff\u00ff", "K\u0001", "not understood")]
    [InlineData("K\u0002", "J\u00ff\u00ff\u00ff\u00ff", "not understood")]
    [InlineData("J\u0000\u0000\u0000\u0010", "K\u0000", "larger than the file")] // one element repeated to 1 GiB
    [InlineData("J\u00ff\u00ff\u00ff\u007f", "K\u0000", "2 GiB")]
    [InlineData("K\u0002", "K\u0003", null)]
    public void A_view_stays_inside_its_storage(string size, string stride, string? reason)
    {
        string storage = "(U\u0007storagectorch\nFloatStorage\nU\u00010U\u0003cpuK\u0004tQ";
        string pickle = $"ctorch._utils\n_rebuild_tensor_v2\n({storage}K\0{size}\u0085{stride}\u0085\u0089}}tR.";
        byte[] file = [.. Legacy(Encoding.Latin1.GetBytes(pickle), "]U\u00010a."), .. BitConverter.GetBytes(4L), .. new byte[16]];
        WeightsFormatException? fault = Golden.FaultOf(file, _folder["x"]);
        if (reason is null) Assert.Null(fault);
        else Assert.Contains(reason, fault!.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_small_pickle_cannot_describe_an_endless_walk()
    {
        // Thirty lists, each holding the one before it twice: a thousand million paths.
        var pickle = new StringBuilder("(]q\0");
        for (int i = 0; i < 30; i++) pickle.Append("](h").Append((char)i).Append('h').Append((char)i).Append("eq").Append((char)(i + 1));
        pickle.Append("t.");
        AssertQuick(Legacy(Encoding.Latin1.GetBytes(pickle.ToString())), "more than 250000 values");
    }

    [Fact]
    public void A_small_pickle_cannot_copy_one_list_without_end()
    {
        // A list of 20,000 pairs, made into a dict 20,000 times: 4e8 pairs.
        var pickle = new StringBuilder("](");
        for (int i = 0; i < 20_000; i++) pickle.Append("NN\u0086");
        pickle.Append("eq\0(");
        for (int i = 0; i < 20_000; i++) pickle.Append("ccollections\nOrderedDict\nh\0\u0085R");
        pickle.Append("t\u0086.");
        AssertQuick(Legacy(Encoding.Latin1.GetBytes(pickle.ToString())), "repeats a list without end");
    }

    private static byte[] Legacy(byte[] value, string keys = "].") =>
    [
        0x80, 2, 0x8A, 10, 0x6C, 0xFC, 0x9C, 0x46, 0xF9, 0x20, 0x6A, 0xA8, 0x50, 0x19, (byte)'.',
        .. Encoding.Latin1.GetBytes("M\u00e9\u0003.}U\u000dlittle_endian\u0088s."), .. value, .. Encoding.Latin1.GetBytes(keys),
    ];

    private static byte[] Mutate(byte[] seed, Random random)
    {
        List<byte> bytes = [.. seed];
        for (int edits = random.Next(1, 4); edits > 0; edits--)
        {
            int at = random.Next(bytes.Count), length = random.Next(1, Math.Min(16, bytes.Count - at + 1));
            switch (random.Next(5))
            {
                case 0: bytes[at] ^= (byte)(1 << random.Next(8)); break;
                case 1: bytes[at] = (byte)random.Next(256); break;
                case 2: bytes[at] = (byte)(random.Next(2) * 255); break;
                case 3: bytes.RemoveRange(at, length); break;
                default: bytes.InsertRange(at, bytes.GetRange(random.Next(bytes.Count - length), length)); break;
            }
        }
        return [.. bytes];
    }

    private byte[] MakeNumpy()
    {
        NumpyArchive.Save(_folder["seed.npz"], [new StoredTensor("a", DType.Float32, [2, 3], new byte[24]),
            new StoredTensor("b", DType.UInt8, [5], new byte[5])]);
        return File.ReadAllBytes(_folder["seed.npz"]);
    }

    private byte[] MakeSafeTensors()
    {
        SafeTensors.Save(_folder["made"], [new("a", DType.Float32, [2, 3], new byte[24]), new("b", DType.UInt8, [5], new byte[5])],
            new Dictionary<string, string> { ["key"] = "value" });
        return File.ReadAllBytes(_folder["made"]);
    }

    private void AssertQuick(byte[] bytes, string reason)
    {
        long before = GC.GetAllocatedBytesForCurrentThread();
        var watch = Stopwatch.StartNew();
        WeightsFormatException? fault = Golden.FaultOf(bytes, _folder["x"]);
        Assert.Contains(reason, fault!.Message, StringComparison.Ordinal);
        Assert.InRange(watch.Elapsed.TotalSeconds, 0, 30); // hundreds of times the usual, for machines with other work
        Assert.InRange(GC.GetAllocatedBytesForCurrentThread() - before, 0, 400L << 20);
    }
}
