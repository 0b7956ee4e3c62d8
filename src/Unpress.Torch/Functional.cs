namespace Unpress.Torch;

/// <summary>Stateless layers on N×C×H×W tensors.</summary>
public static class Functional
{
    private static readonly Op Conv2dOp = Op.Find("aten::conv2d");
    private static readonly Op ConvTranspose2dOp = Op.Find("aten::conv_transpose2d.input");
    private static readonly Op LinearOp = Op.Find("aten::linear");
    private static readonly Op BatchNormOp = Op.Find("aten::batch_norm");
    private static readonly Op ReluOp = Op.Find("aten::relu");
    private static readonly Op LeakyReluOp = Op.Find("aten::leaky_relu");
    private static readonly Op PReluOp = Op.Find("aten::prelu");
    private static readonly Op GeluOp = Op.Find("aten::gelu");
    private static readonly Op SoftmaxOp = Op.Find("aten::softmax.int");
    private static readonly Op PixelShuffleOp = Op.Find("aten::pixel_shuffle");
    private static readonly Op PixelUnshuffleOp = Op.Find("aten::pixel_unshuffle");
    private static readonly Op MaxPoolOp = Op.Find("aten::max_pool2d");
    private static readonly Op AvgPoolOp = Op.Find("aten::avg_pool2d");
    private static readonly Op AdaptiveAvgPoolOp = Op.Find("aten::adaptive_avg_pool2d");
    private static readonly Op BilinearOp = Op.Find("aten::upsample_bilinear2d");
    private static readonly Op BicubicOp = Op.Find("aten::upsample_bicubic2d");
    private static readonly Op SmoothBilinearOp = Op.Find("aten::_upsample_bilinear2d_aa");
    private static readonly Op SmoothBicubicOp = Op.Find("aten::_upsample_bicubic2d_aa");
    private static readonly Op NearestOp = Op.Find("aten::upsample_nearest2d");
    private static readonly Op ReflectOp = Op.Find("aten::reflection_pad2d");
    private static readonly Op ReplicateOp = Op.Find("aten::replication_pad2d");
    private static readonly Op ConstantPadOp = Op.Find("aten::constant_pad_nd");
    private static readonly Op L1Op = Op.Find("aten::l1_loss");
    private static readonly Op MseOp = Op.Find("aten::mse_loss");

    /// <summary>Cross-correlation of [N, Cin, H, W] with [Cout, Cin/groups, kH, kW].</summary>
    public static Tensor Conv2d(Tensor input, Tensor weight, Tensor? bias, long stride = 1, long padding = 0, long dilation = 1, long groups = 1)
        => Conv2dOp.Call(input, weight, bias, Pair(stride), Pair(padding), Pair(dilation), groups);

    /// <summary>The same with padding of its own for height and width, for kernels that are not square.</summary>
    public static Tensor Conv2d(Tensor input, Tensor weight, Tensor? bias, long stride, (long Height, long Width) padding)
        => Conv2dOp.Call(input, weight, bias, Pair(stride), new[] { padding.Height, padding.Width });

    /// <summary>Transposed convolution; weight [Cin, Cout/groups, kH, kW].</summary>
    public static Tensor ConvTranspose2d(Tensor input, Tensor weight, Tensor? bias, long stride = 1, long padding = 0, long outputPadding = 0, long groups = 1)
        => ConvTranspose2dOp.Call(input, weight, bias, Pair(stride), Pair(padding), Pair(outputPadding), groups);

    public static Tensor Linear(Tensor input, Tensor weight, Tensor? bias) => LinearOp.Call(input, weight, bias);

    public static Tensor BatchNorm(
        Tensor input, Tensor? weight, Tensor? bias, Tensor? runningMean, Tensor? runningVar, bool training, double momentum = 0.1, double epsilon = 1e-5)
        => BatchNormOp.Call(input, weight, bias, runningMean, runningVar, training, momentum, epsilon, true);

    public static Tensor Relu(Tensor input) => ReluOp.Call(input);

    public static Tensor LeakyRelu(Tensor input, double slope = 0.01) => LeakyReluOp.Call(input, slope);

    public static Tensor PRelu(Tensor input, Tensor weight) => PReluOp.Call(input, weight);

    public static Tensor Gelu(Tensor input) => GeluOp.Call(input);

    public static Tensor Softmax(Tensor input, int dimension) => SoftmaxOp.Call(input, dimension);

    /// <summary>[N, C·r², H, W] to [N, C, H·r, W·r].</summary>
    public static Tensor PixelShuffle(Tensor input, long factor) => PixelShuffleOp.Call(input, factor);

    /// <summary>[N, C, H·r, W·r] to [N, C·r², H, W].</summary>
    public static Tensor PixelUnshuffle(Tensor input, long factor) => PixelUnshuffleOp.Call(input, factor);

    /// <param name="ceiling">Whether a window that is cut off by the border counts too.</param>
    public static Tensor MaxPool2d(Tensor input, long kernel, long stride, long padding = 0, bool ceiling = false)
        => MaxPoolOp.Call(input, Pair(kernel), Pair(stride), Pair(padding), Pair(1), ceiling);

    /// <param name="countPadding">Whether the zeros beyond the border count in the mean.</param>
    public static Tensor AvgPool2d(Tensor input, long kernel, long stride, long padding = 0, bool countPadding = true)
        => AvgPoolOp.Call(input, Pair(kernel), Pair(stride), Pair(padding), false, countPadding);

    public static Tensor AdaptiveAvgPool2d(Tensor input, long height, long width) => AdaptiveAvgPoolOp.Call(input, new[] { height, width });

    /// <summary>Resizes [N, C, H, W] to the given size.</summary>
    public static Tensor Interpolate(Tensor input, long height, long width, Interpolation mode, bool alignCorners = false)
    {
        var size = new[] { height, width };
        return mode switch
        {
            Interpolation.Nearest => NearestOp.Call(input, size),
            Interpolation.Bilinear => BilinearOp.Call(input, size, alignCorners),
            _ => BicubicOp.Call(input, size, alignCorners),
        };
    }

    /// <summary>
    /// Resizes [N, C, H, W] as Pillow does: a kernel that is widened where the picture shrinks, against aliasing; bicubic with a = −0.5.
    /// </summary>
    public static Tensor Resample(Tensor input, long height, long width, Interpolation mode)
        => (mode == Interpolation.Bicubic ? SmoothBicubicOp : SmoothBilinearOp).Call(input, new[] { height, width }, false, Value.None, Value.None);

    /// <summary>Pads the last two dimensions.</summary>
    public static Tensor Pad(Tensor input, long left, long right, long top, long bottom, Padding mode = Padding.Reflect)
    {
        var sizes = new[] { left, right, top, bottom };
        return mode switch
        {
            Padding.Reflect => ReflectOp.Call(input, sizes),
            Padding.Replicate => ReplicateOp.Call(input, sizes),
            _ => ConstantPadOp.Call(input, sizes, 0.0),
        };
    }

    /// <summary>Mean absolute difference, a scalar.</summary>
    public static Tensor L1Loss(Tensor input, Tensor target) => L1Op.Call(input, target);

    /// <summary>Mean squared difference, a scalar.</summary>
    public static Tensor MseLoss(Tensor input, Tensor target) => MseOp.Call(input, target);

    private static long[] Pair(long value) => [value, value];
}
