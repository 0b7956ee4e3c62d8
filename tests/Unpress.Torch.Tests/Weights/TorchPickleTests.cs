using Unpress.Torch.Weights;

namespace Unpress.Torch.Tests.Weights;

public class TorchPickleTests
{
    public static TheoryData<string> Kinds => ["zip", "legacy"];

    [Theory]
    [MemberData(nameof(Kinds))]
    public void Every_element_type_is_read(string kind)
    {
        using WeightFile file = WeightFile.Open(Golden.File($"tensors_{kind}.pth"));
        Check<byte>(file["u8"], DType.UInt8, x => x);
        Check<sbyte>(file["i8"], DType.Int8, x => x);
        Check<short>(file["i16"], DType.Int16, x => x);
        Check<int>(file["i32"], DType.Int32, x => x);
        Check<long>(file["i64"], DType.Int64, x => x);
        Check<Half>(file["f16"], DType.Float16, x => (double)x);
        Check<float>(file["f32"], DType.Float32, x => x);
        Check<double>(file["f64"], DType.Float64, x => x);
        Check<ushort>(file["bf16"], DType.BFloat16, x => BitConverter.UInt32BitsToSingle((uint)x << 16));
        Assert.Equal(DType.Bool, file["bool"].DType);
        Assert.Equal(new byte[] { 0, 1, 0, 1, 0, 1 }, file["bool"].Bytes.ToArray());
    }

    [Theory]
    [MemberData(nameof(Kinds))]
    public void Views_are_read_in_row_major_order(string kind)
    {
        using WeightFile file = WeightFile.Open(Golden.File($"tensors_{kind}.pth"));
        Check(file["transposed"], [3, 2], 0, 3, 1, 4, 2, 5);
        Check(file["channels_last"], [1, 2, 3, 4], [.. Enumerable.Range(0, 24).Select(i => (float)i)]);
        Check(file["view_a"], [3], 2, 3, 4);
        Check(file["view_b"], [3], 1, 4, 7);
        Check(file["expanded"], [2, 2], 7, 7, 7, 7);
        Check(file["scalar"], [], 3.5f);
        Check(file["empty"], [0, 3]);
        Check(file["parameter"], [2], 0, 1);
        Assert.Equal("u8 i8 i16", string.Join(' ', file.Tensors.Take(3).Select(tensor => tensor.Name)));
    }

    [Theory]
    [MemberData(nameof(Kinds))]
    public void A_checkpoint_is_read_by_its_paths_with_its_plain_values_beside(string kind)
    {
        using WeightFile file = WeightFile.Open(Golden.File($"checkpoint_{kind}.pth"));
        Check(file["params.0.bias"], [2], 0, 1);
        Check(file["params_ema.module.0.bias"], [2], 1, 2);
        Assert.Equal([1L], file["params_ema.module.1.num_batches_tracked"].Values<long>());
        Assert.Equal(14, file.Tensors.Count);

        var expected = new Dictionary<string, string>
        {
            ["epoch"] = "7",
            ["big"] = "1099511627776",
            ["negative"] = "-3",
            ["lr"] = "0.0001",
            ["note"] = "größer",
            ["amsgrad"] = "false",
            ["betas.0"] = "0.9",
            ["betas.1"] = "0.999",
            ["milestones.0"] = "10",
            ["milestones.1"] = "300",
            ["size.0"] = "2",
            ["size.1"] = "3",
        };
        Assert.Equal(expected.OrderBy(pair => pair.Key), file.Metadata.OrderBy(pair => pair.Key));
    }

    [Theory]
    [InlineData("evil_zip.pth", "posix.system")]
    [InlineData("evil_legacy.pth", "posix.system")]
    [InlineData("module_zip.pth", "torch.nn.modules.conv.Conv2d")]
    public void Anything_but_tensors_in_containers_is_refused_by_name(string name, string said)
    {
        string proof = Path.Combine(Path.GetTempPath(), "unpress-pickle-was-run");
        File.Delete(proof);
        var fault = Assert.Throws<WeightsFormatException>(() => WeightFile.Open(Golden.File(name)));
        Assert.Contains(said, fault.Message, StringComparison.Ordinal);
        Assert.Contains(name, fault.Message, StringComparison.Ordinal);
        Assert.False(File.Exists(proof));
    }

    // Half-precision numbers 0, 1, 2, … in every tensor; in the archive lies the code of forward, too.
    [Fact]
    public void The_tensors_of_a_TorchScript_archive_are_read_by_the_paths_of_its_modules()
    {
        using WeightFile file = WeightFile.Open(Golden.File("script.pth"));
        Assert.Equal(
            ["scale [3]", "visual.0.weight [2,1,3,3]", "visual.0.bias [2]", "visual.1.weight [2]", "visual.1.bias [2]",
                "visual.1.running_mean [2]", "visual.1.running_var [2]", "visual.1.num_batches_tracked []"],
            file.Tensors.Select(tensor => $"{tensor.Name} [{string.Join(',', tensor.Shape)}]"));
        Assert.All(file.Tensors.Where(tensor => tensor.Shape.Length > 0), tensor =>
        {
            Assert.Equal(DType.Float16, tensor.DType);
            Assert.Equal(Enumerable.Range(0, (int)tensor.ElementCount).Select(number => (Half)number), tensor.Values<Half>());
        });
        Assert.Equal("2", file.Metadata["sizes.1"]);
    }

    [SharedDataTheory("weights")]
    [InlineData("lpips/alex.pth", "lin0.model.1.weight", 5, 64, 2.34953236579895)]
    [InlineData("lpips/vgg.pth", "lin3.model.1.weight", 5, 512, 51.521324157714844)]
    [InlineData("lpips/squeeze.pth", "lin6.model.1.weight", 7, 512, 17.590553283691406)]
    [InlineData("dists/weights.pt", "beta", 2, 1475, 0.12395021319389343)]
    [InlineData("dncnn3/dncnn3.safetensors", "model.0.bias", 40, 64, null)]
    public void Published_weights_are_read(string path, string name, int tensors, int elements, double? sum)
    {
        using WeightFile file = WeightFile.Open(SharedData.Path("weights", path));
        Assert.Equal(tensors, file.Tensors.Count);
        float[] values = file[name].Values<float>();
        Assert.Equal(elements, values.Length);
        // Sums as PyTorch gives them, in single precision.
        if (sum is double expected) Assert.Equal(expected, values.Sum(value => (double)value), 1e-5 * Math.Abs(expected));
        Assert.All(file.Tensors, tensor => Assert.DoesNotContain(tensor.Values<float>(), value => !float.IsFinite(value)));
    }

    private static void Check(StoredTensor tensor, long[] shape, params float[] values)
    {
        Assert.Equal(DType.Float32, tensor.DType);
        Assert.Equal(shape, tensor.Shape);
        Assert.Equal(values, tensor.Values<float>());
    }

    // The fixtures hold 0..5 as 2×3 in every type.
    private static void Check<T>(StoredTensor tensor, DType dtype, Func<T, double> value)
        where T : unmanaged
    {
        Assert.Equal(dtype, tensor.DType);
        Assert.Equal([2L, 3L], tensor.Shape);
        Assert.Equal([0.0, 1, 2, 3, 4, 5], tensor.Values<T>().Select(value));
    }
}
