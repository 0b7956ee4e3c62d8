namespace Unpress.Torch.Tests;

/// <summary>Every operator that networks use gives, on shapes alone, the shape that it gives on numbers.</summary>
public sealed class ShapeRulesTests
{
    private static readonly Dictionary<string, Func<Tensor>> Cases = new()
    {
        ["conv"] = () => Functional.Conv2d(Picture(), New(6, 4, 3, 3), New(6), stride: 2, padding: 1),
        ["dilated conv"] = () => Functional.Conv2d(Picture(), New(6, 4, 3, 3), null, dilation: 2),
        ["grouped conv"] = () => Functional.Conv2d(Picture(), New(8, 2, 1, 3), null, padding: 1, groups: 2),
        ["plain conv"] = () => Op.Find("aten::conv2d").Call(Picture(), New(6, 4, 3, 3)),
        ["transposed conv"] = () => Functional.ConvTranspose2d(Picture(), New(4, 3, 4, 4), New(6), stride: 2, padding: 1, outputPadding: 1, groups: 2),
        ["linear"] = () => Functional.Linear(New(2, 3, 5), New(7, 5), New(7)),
        ["batch norm"] = () => Functional.BatchNorm(Picture(), New(4), New(4), New(4), Tensor.Ones([4]), training: false),
        ["layer norm"] = () => Op.Find("aten::layer_norm").Call(New(2, 3, 5), new long[] { 5 }, New(5), New(5)),
        ["relu"] = () => Functional.Relu(Picture()),
        ["leaky relu"] = () => Functional.LeakyRelu(Picture()),
        ["prelu"] = () => Functional.PRelu(Picture(), New(4)),
        ["gelu"] = () => Functional.Gelu(Picture()),
        ["softmax"] = () => Functional.Softmax(Picture(), -1),
        ["pixel shuffle"] = () => Functional.PixelShuffle(Picture(), 2),
        ["pixel unshuffle"] = () => Functional.PixelUnshuffle(Picture(), 2),
        ["max pool"] = () => Functional.MaxPool2d(Picture(), 3, 2, 1),
        ["average pool"] = () => Functional.AvgPool2d(Picture(), 3, 2, 1),
        ["adaptive pool"] = () => Functional.AdaptiveAvgPool2d(Picture(), 2, 3),
        ["nearest"] = () => Functional.Interpolate(Picture(), 5, 7, Interpolation.Nearest),
        ["bilinear"] = () => Functional.Interpolate(Picture(), 5, 7, Interpolation.Bilinear),
        ["bicubic"] = () => Functional.Interpolate(Picture(), 5, 7, Interpolation.Bicubic),
        ["pad reflect"] = () => Functional.Pad(Picture(), 1, 2, 3, 4),
        ["pad replicate"] = () => Functional.Pad(Picture(), 1, 2, 3, 4, Padding.Replicate),
        ["pad zero"] = () => Functional.Pad(Picture(), 1, 2, 3, 4, Padding.Zero),
        ["l1"] = () => Functional.L1Loss(Picture(), Picture()),
        ["mse"] = () => Functional.MseLoss(Picture(), Picture()),
        ["matmul"] = () => New(2, 3, 4, 5).MatMul(New(2, 3, 5, 6)),
        ["reshape"] = () => Picture().Permute(0, 2, 3, 1).Reshape(2, -1, 4),
        ["roll"] = () => Op.Find("aten::roll").Call(Picture(), new long[] { -1, -1 }, new long[] { 2, 3 }),
        ["flip"] = () => Picture().Flip(3),
        ["index select"] = () => Op.Find("aten::index_select").Call(Picture(), 1L, Tensor.From([0L, 2L, 1L], 3)),
        ["index"] = () => Op.Find("aten::index.Tensor").Call(New(9, 2), Value.OptionalList(Tensor.From([0L, 2L, 1L], 3))),
        ["repeat"] = () => Op.Find("aten::repeat").Call(Picture(), new long[] { 1, 2, 1, 3 }),
        ["expand"] = () => Op.Find("aten::expand").Call(New(1, 4, 1, 1), new long[] { 2, 4, 3, 3 }),
        ["cat"] = () => Tensor.Cat([Picture(), Picture()], 1),
        ["stack"] = () => Tensor.Stack([Picture(), Picture()], 1),
        ["mean"] = () => Picture().Mean([2, 3], keep: true),
        ["dot"] = () => Op.Find("aten::dot").Call(New(4), New(4)),
        ["mv"] = () => Op.Find("aten::mv").Call(New(3, 4), New(4)),
        ["max"] = () => Picture().Max(),
        ["sum"] = () => Picture().Sum([1]),
        ["arithmetic"] = () => ((1 - (Picture() * 2)).Abs() / (Picture().Exp() + 1)).Sqrt().Clamp(0, 1).Tanh().Sigmoid().Square().Log(),
        ["narrow"] = () => Picture().Narrow(2, 1, 3).Squeeze(0).Unsqueeze(1).Transpose(0, 1).Contiguous().Clone().Detach(),
        ["convert"] = () => Picture().To(DType.Float64),
    };

    public static TheoryData<string> Names => [.. Cases.Keys];

    [Theory]
    [MemberData(nameof(Names))]
    public void Shapes_alone_give_the_shape_of_numbers(string name)
    {
        using var scope = TensorScope.Enter();
        using var noGrad = Autograd.NoGrad();
        var expected = Cases[name]();
        using var shapes = ShapesOnly.Enter();
        var actual = Cases[name]();
        Assert.True(actual.Device.IsMeta);
        Assert.Equal(expected.Shape, actual.Shape);
        Assert.Equal(expected.DType, actual.DType);
    }

    private static Tensor Picture() => New(2, 4, 8, 10);

    private static Tensor New(params long[] shape) => Tensor.Zeros(shape);
}
