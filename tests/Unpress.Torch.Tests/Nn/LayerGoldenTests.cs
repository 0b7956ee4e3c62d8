using Unpress.Torch.Nn;
using Unpress.Torch.Weights;

namespace Unpress.Torch.Tests.Nn;

/// <summary>Every layer gives PyTorch's numbers, with PyTorch's names for its parameters.</summary>
public class LayerGoldenTests
{
    private static readonly Dictionary<string, Func<Module>> Modules = new()
    {
        ["conv"] = () => new Conv2d(4, 6, 3, stride: 2, padding: 1, dilation: 2, groups: 2),
        ["conv_no_bias"] = () => Conv2d.Same(4, 3, 5, bias: false),
        ["conv_transpose"] = () => new ConvTranspose2d(4, 6, 3, stride: 2, padding: 1, outputPadding: 1, groups: 2),
        ["linear"] = () => new Linear(6, 3),
        ["batch_norm_train"] = () => new BatchNorm2d(4, momentum: 0.2, epsilon: 1e-3),
        ["batch_norm_eval"] = () => new BatchNorm2d(4, epsilon: 1e-3).Eval(),
        ["prelu"] = () => new PRelu(4),
        ["sequential"] = () => new Sequential(new Conv2d(4, 2, 1), new Relu(), new Conv2d(2, 4, 1)),
    };

    private static readonly Dictionary<string, Func<Tensor, Tensor>> Functions = new()
    {
        ["relu"] = Functional.Relu,
        ["leaky_relu"] = x => Functional.LeakyRelu(x, 0.2),
        ["gelu"] = Functional.Gelu,
        ["softmax"] = x => Functional.Softmax(x, 1),
        ["pixel_shuffle"] = x => Functional.PixelShuffle(x, 2),
        ["pixel_unshuffle"] = x => Functional.PixelUnshuffle(x, 2),
        ["max_pool"] = x => Functional.MaxPool2d(x, 3, 2, 1),
        ["avg_pool"] = x => Functional.AvgPool2d(x, 2, 1),
        ["adaptive_avg_pool"] = x => Functional.AdaptiveAvgPool2d(x, 2, 3),
        ["nearest"] = x => Functional.Interpolate(x, 7, 4, Interpolation.Nearest),
        ["bilinear"] = x => Functional.Interpolate(x, 7, 4, Interpolation.Bilinear),
        ["bicubic_corners"] = x => Functional.Interpolate(x, 7, 4, Interpolation.Bicubic, alignCorners: true),
        ["pad_reflect"] = x => Functional.Pad(x, 1, 2, 3, 4),
        ["pad_replicate"] = x => Functional.Pad(x, 1, 2, 3, 4, Padding.Replicate),
        ["pad_zero"] = x => Functional.Pad(x, 1, 2, 3, 4, Padding.Zero),
    };

    public static TheoryData<string> ModuleNames => [.. Modules.Keys];

    public static TheoryData<string> FunctionNames => [.. Functions.Keys];

    [Theory]
    [MemberData(nameof(ModuleNames))]
    public void A_layer_with_parameters_is_PyTorchs(string name)
    {
        using WeightFile golden = TorchGolden.Open("layers.pth");
        using var scope = TensorScope.Enter();
        using Module module = Modules[name]();
        module.To(Device.Cpu, DType.Float64);

        string prefix = $"{name}.state.";
        var names = golden.Tensors.Select(tensor => tensor.Name).Where(key => key.StartsWith(prefix, StringComparison.Ordinal));
        Assert.Equal(names.Order(), module.StateDict().Select(entry => prefix + entry.Name).Order());
        foreach (var (key, tensor) in module.StateDict())
            tensor.WriteBytes(golden[prefix + key].Bytes);

        TorchGolden.AssertClose(golden[$"{name}.output"], ((Layer)module).Forward(golden.Load($"{name}.input")));
        foreach (var (key, tensor) in module.StateDict().Where(entry => entry.Tensor.DType == DType.Float64))
            TorchGolden.AssertClose(golden[$"{name}.after.{key}"], tensor);
    }

    [Theory]
    [MemberData(nameof(FunctionNames))]
    public void A_function_is_PyTorchs(string name)
    {
        using WeightFile golden = TorchGolden.Open("layers.pth");
        using var scope = TensorScope.Enter();
        TorchGolden.AssertClose(golden[$"{name}.output"], Functions[name](golden.Load($"{name}.input")));
    }

    [Fact]
    public void Every_golden_layer_is_tested()
    {
        using WeightFile golden = TorchGolden.Open("layers.pth");
        var cases = golden.Tensors.Select(tensor => tensor.Name.Split('.')[0]).Distinct();
        Assert.Equal(cases.Order(), Modules.Keys.Concat(Functions.Keys).Order());
    }

    [Fact]
    public void Batch_norm_counts_the_batches_it_learns_from()
    {
        using var scope = TensorScope.Enter();
        using var norm = new BatchNorm2d(1);
        Tensor count = norm.NamedBuffers().Single(buffer => buffer.Name == "num_batches_tracked").Tensor;
        norm.Forward(Tensor.Rand([1, 1, 2, 2]));
        norm.Forward(Tensor.Rand([1, 1, 2, 2]));
        norm.Eval();
        norm.Forward(Tensor.Rand([1, 1, 2, 2]));
        Assert.Equal([2L], count.ToArray<long>());
    }
}
