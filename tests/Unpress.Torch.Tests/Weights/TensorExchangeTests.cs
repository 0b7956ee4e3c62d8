using Unpress.Torch.Nn;
using Unpress.Torch.Weights;

namespace Unpress.Torch.Tests.Weights;

public sealed class TensorExchangeTests : IDisposable
{
    private readonly TempFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void A_network_saved_and_loaded_is_the_same_network()
    {
        TorchRuntime.Seed(1);
        using Sequential first = Network(), second = Network();
        using Tensor input = Tensor.Rand([1, 2, 4, 4]);
        SafeTensors.Save(_folder["model"], first.StateDict().Select(entry => entry.Tensor.ToStored(entry.Name)));
        using (WeightFile file = WeightFile.Open(_folder["model"]))
            second.StateDict().Load(file.Tensors, file.Path);
        first.Eval();
        second.Eval();
        using var scope = TensorScope.Enter();
        Tensor expected = first.Forward(input), actual = second.Forward(input);
        Assert.Equal(expected.ToArray<float>(), actual.ToArray<float>());
        Assert.All(second.NamedParameters(), parameter => Assert.True(parameter.Tensor.RequiresGrad));
    }

    [Fact]
    public void Element_types_are_converted()
    {
        using var layer = new Linear(1, 2, bias: false);
        layer.StateDict().Load([Doubles("weight", [2, 1], 0.5, -3)], "x");
        Assert.Equal([0.5f, -3f], layer.Weight.ToArray<float>());
        Assert.Equal(DType.Float32, layer.Weight.DType);
    }

    [Fact]
    public void All_that_does_not_fit_is_told_at_once_and_nothing_is_loaded()
    {
        using var layer = new Linear(1, 2);
        float[] before = layer.Weight.ToArray<float>();
        var fault = Assert.Throws<WeightsFormatException>(() => layer.StateDict().Load(
            [Doubles("weight", [2, 1], 1, 2), Doubles("bias", [1], 1), Doubles("scale", [1], 1)], "my.pth"));
        Assert.StartsWith("my.pth: ", fault.Message, StringComparison.Ordinal);
        Assert.Contains("bias is [1], expected [2]", fault.Message, StringComparison.Ordinal);
        Assert.Contains("unexpected scale", fault.Message, StringComparison.Ordinal);

        fault = Assert.Throws<WeightsFormatException>(() => layer.StateDict().Load([Doubles("weight", [2, 1], 1, 2)], "my.pth"));
        Assert.Contains("missing bias", fault.Message, StringComparison.Ordinal);
        Assert.Equal(before, layer.Weight.ToArray<float>());
    }

    [Fact]
    public void Files_from_before_batch_norm_counted_its_batches_are_taken()
    {
        using Sequential old = Network(), network = Network();
        StoredTensor[] stored = [.. old.StateDict().Select(entry => entry.Tensor.ToStored(entry.Name))];
        network.StateDict().Load(stored.Where(tensor => tensor.Name != "1.num_batches_tracked"), "old.pth");
        Assert.Throws<WeightsFormatException>(() => network.StateDict().Load(stored.Where(tensor => tensor.Name != "1.running_mean"), "old.pth"));
    }

    [Fact]
    public void A_stored_tensor_outlives_changes_of_its_source()
    {
        using Tensor tensor = Tensor.From([1f, 2f], 2);
        StoredTensor stored = tensor.ToStored("t");
        tensor.Fill(0);
        using Tensor back = stored.ToTensor();
        Assert.Equal([1f, 2f], back.ToArray<float>());
    }

    private static Sequential Network() => new(Conv2d.Same(2, 3, 3), new BatchNorm2d(3), new PRelu(3));

    private static StoredTensor Doubles(string name, long[] shape, params double[] values) =>
        new(name, DType.Float64, shape, values.SelectMany(BitConverter.GetBytes).ToArray());
}
