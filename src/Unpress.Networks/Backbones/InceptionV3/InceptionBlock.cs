using Unpress.Torch;
using Unpress.Torch.Nn;

namespace Unpress.Networks.Backbones;

/// <summary>
/// A block of <see cref="InceptionV3"/>: branches on the same input, their results one behind the other. A branch is a chain of convolutions
/// and poolings; its last link may be a fork of two convolutions side by side. The five kinds below are the paper's figures 5, 6, 7 and 10.
/// </summary>
internal sealed class InceptionBlock : Layer
{
    private readonly List<List<Func<Tensor, Tensor>>> _branches = [];

    private InceptionBlock()
    {
    }

    public override Tensor Forward(Tensor input)
    {
        using var scope = TensorScope.Enter();
        return scope.Keep(Tensor.Cat([.. _branches.Select(branch => branch.Aggregate(input, (x, link) => link(x)))], 1));
    }

    /// <summary>35×35, with 5×5 convolutions.</summary>
    public static InceptionBlock A(long channels, long pooled) => new InceptionBlock()
        .Branch().Conv("branch1x1", channels, 64, 1)
        .Branch().Conv("branch5x5_1", channels, 48, 1).Conv("branch5x5_2", 48, 64, 5)
        .Branch().Conv("branch3x3dbl_1", channels, 64, 1).Conv("branch3x3dbl_2", 64, 96, 3).Conv("branch3x3dbl_3", 96, 96, 3)
        .Branch().Mean().Conv("branch_pool", channels, pooled, 1);

    /// <summary>35×35 to 17×17.</summary>
    public static InceptionBlock B(long channels) => new InceptionBlock()
        .Branch().Halve("branch3x3", channels, 384)
        .Branch().Conv("branch3x3dbl_1", channels, 64, 1).Conv("branch3x3dbl_2", 64, 96, 3).Halve("branch3x3dbl_3", 96, 96)
        .Branch().Link(x => Functional.MaxPool2d(x, 3, 2));

    /// <summary>17×17, with 7×7 convolutions in two halves.</summary>
    public static InceptionBlock C(long channels, long middle) => new InceptionBlock()
        .Branch().Conv("branch1x1", channels, 192, 1)
        .Branch().Conv("branch7x7_1", channels, middle, 1).Flat("branch7x7_2", middle, middle, 7).Tall("branch7x7_3", middle, 192, 7)
        .Branch().Conv("branch7x7dbl_1", channels, middle, 1).Tall("branch7x7dbl_2", middle, middle, 7).Flat("branch7x7dbl_3", middle, middle, 7)
            .Tall("branch7x7dbl_4", middle, middle, 7).Flat("branch7x7dbl_5", middle, 192, 7)
        .Branch().Mean().Conv("branch_pool", channels, 192, 1);

    /// <summary>17×17 to 8×8.</summary>
    public static InceptionBlock D(long channels) => new InceptionBlock()
        .Branch().Conv("branch3x3_1", channels, 192, 1).Halve("branch3x3_2", 192, 320)
        .Branch().Conv("branch7x7x3_1", channels, 192, 1).Flat("branch7x7x3_2", 192, 192, 7).Tall("branch7x7x3_3", 192, 192, 7)
            .Halve("branch7x7x3_4", 192, 192)
        .Branch().Link(x => Functional.MaxPool2d(x, 3, 2));

    /// <summary>8×8, with forks; the second of them takes the maximum where the others take the mean.</summary>
    public static InceptionBlock E(long channels, bool maximum) => new InceptionBlock()
        .Branch().Conv("branch1x1", channels, 320, 1)
        .Branch().Conv("branch3x3_1", channels, 384, 1).Fork("branch3x3_2", 384)
        .Branch().Conv("branch3x3dbl_1", channels, 448, 1).Conv("branch3x3dbl_2", 448, 384, 3).Fork("branch3x3dbl_3", 384)
        .Branch().Pool(maximum).Conv("branch_pool", channels, 192, 1);

    private InceptionBlock Branch()
    {
        _branches.Add([]);
        return this;
    }

    private InceptionBlock Link(Func<Tensor, Tensor> link)
    {
        _branches[^1].Add(link);
        return this;
    }

    private InceptionBlock Conv(string name, long inChannels, long outChannels, long kernel)
        => Link(Add(name, new ConvBatchNormRelu(inChannels, outChannels, kernel, padding: kernel / 2)).Forward);

    private InceptionBlock Halve(string name, long inChannels, long outChannels)
        => Link(Add(name, new ConvBatchNormRelu(inChannels, outChannels, 3, stride: 2)).Forward);

    private InceptionBlock Flat(string name, long inChannels, long outChannels, long kernel)
        => Link(Add(name, ConvBatchNormRelu.Oblong(inChannels, outChannels, 1, kernel)).Forward);

    private InceptionBlock Tall(string name, long inChannels, long outChannels, long kernel)
        => Link(Add(name, ConvBatchNormRelu.Oblong(inChannels, outChannels, kernel, 1)).Forward);

    private InceptionBlock Fork(string name, long channels)
    {
        var flat = Add(name + "a", ConvBatchNormRelu.Oblong(channels, channels, 1, 3));
        var tall = Add(name + "b", ConvBatchNormRelu.Oblong(channels, channels, 3, 1));
        return Link(x => Tensor.Cat([flat.Forward(x), tall.Forward(x)], 1));
    }

    // As in the TensorFlow network whose weights FID uses: zeros beyond the border do not count in the mean.
    private InceptionBlock Mean() => Link(x => Functional.AvgPool2d(x, 3, 1, 1, countPadding: false));

    private InceptionBlock Pool(bool maximum) => maximum ? Link(x => Functional.MaxPool2d(x, 3, 1, 1)) : Mean();
}
