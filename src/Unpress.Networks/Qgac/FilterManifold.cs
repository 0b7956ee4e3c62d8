using Unpress.Jpeg;
using Unpress.Torch;
using Unpress.Torch.Nn;

namespace Unpress.Networks;

/// <summary>
/// QGAC's convolutional filter manifold: a small network turns the quantisation table into the 8×8 filters and biases of a convolution of
/// stride 8, or of its transpose, with a PReLU behind it. Every picture of a batch has filters of its own.
/// </summary>
internal sealed class FilterManifold : Module
{
    private static readonly Op Convolve = Op.Find("aten::conv2d");
    private static readonly Op ConvolveTransposed = Op.Find("aten::conv_transpose2d.input");

    private readonly long _inside, _outside;
    private readonly bool _transposed;
    private readonly Sequential _manifold;
    private readonly ConvTranspose2d _weights;
    private readonly Conv2d _biases;
    private readonly PRelu _activation;

    /// <param name="transposed">False: [N, inside, H, W] to [N, outside, H/8, W/8]. True: the other way, to 8 times the size.</param>
    public FilterManifold(long inside, long outside, long width, bool transposed = false)
    {
        (_inside, _outside, _transposed) = (inside, outside, transposed);
        _activation = Add("post_activation", new PRelu());
        _manifold = Add("manifold", new Sequential(new Conv2d(1, width, BlockDct.Side), new PRelu(), new Conv2d(width, width, 1), new PRelu()));
        _weights = Add("weight_transform", new ConvTranspose2d(width, inside * outside, BlockDct.Side));
        _biases = Add("bias_transfrom", new Conv2d(width, outside, 1)); // the published spelling
    }

    /// <param name="table">[N, 1, 8, 8], the quantiser steps divided by 255.</param>
    public Tensor Forward(Tensor table, Tensor input)
    {
        using var scope = TensorScope.Enter();
        var place = _manifold.Forward(table); // [N, width, 1, 1]
        long count = input.Size(0);
        var (first, second) = _transposed ? (_inside, _outside) : (_outside, _inside);
        var weights = _weights.Forward(place).Reshape(count * first, second, BlockDct.Side, BlockDct.Side);
        var biases = _biases.Forward(place).Reshape(count * _outside);
        // The pictures of the batch become groups of channels: one convolution, each group with its own filters.
        var side = new long[] { BlockDct.Side, BlockDct.Side };
        var none = new long[] { 0, 0 };
        var one = new long[] { 1, 1 };
        var grouped = input.Reshape(1, count * _inside, input.Size(2), input.Size(3));
        var output = _transposed
            ? ConvolveTransposed.Call(grouped, weights, biases, side, none, none, count, one)
            : Convolve.Call(grouped, weights, biases, side, none, one, count);
        return scope.Keep(_activation.Forward(output.Reshape(count, _outside, output.Size(2), output.Size(3))));
    }
}
