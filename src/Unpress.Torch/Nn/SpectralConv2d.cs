namespace Unpress.Torch.Nn;

/// <summary>
/// 2-D convolution whose weight is divided by its largest singular value: Miyato et al., "Spectral Normalization for Generative Adversarial
/// Networks", ICLR 2018. The weight is seen as [out, in·k·k]. Each forward in training makes one step of the power iteration that estimates
/// the singular vectors; in evaluation they stay. No gradient goes through the estimate. Names as with PyTorch's spectral_norm:
/// weight_orig, weight_u [out], weight_v [in·k·k].
/// </summary>
public sealed class SpectralConv2d : Layer
{
    private const double Least = 1e-12;
    private static readonly Op MatVec = Op.Find("aten::mv");
    private static readonly Op Dot = Op.Find("aten::dot");
    private static readonly Op AtLeast = Op.Find("aten::clamp_min");

    private readonly Tensor? _bias;
    private readonly Tensor _weight;
    private readonly Tensor _left;
    private readonly Tensor _right;
    private readonly long _stride;
    private readonly long _padding;

    public SpectralConv2d(long inChannels, long outChannels, long kernelSize, long stride = 1, long padding = 0, bool bias = true)
    {
        (_stride, _padding) = (stride, padding);
        if (bias)
            _bias = AddParameter("bias", Tensor.Empty([outChannels]));
        _weight = AddParameter("weight_orig", Tensor.Empty([outChannels, inChannels, kernelSize, kernelSize]));
        Init.Usual(_weight, _bias);

        _left = AddBuffer("weight_u", Direction(outChannels));
        _right = AddBuffer("weight_v", Direction(inChannels * kernelSize * kernelSize));
    }

    public override Tensor Forward(Tensor input)
    {
        using var scope = TensorScope.Enter();
        var matrix = _weight.Reshape(_weight.Size(0), -1);
        var (left, right) = Training ? Iterate(matrix) : (_left.Clone(), _right.Clone());
        var largest = Dot.Call(left, MatVec.Call(matrix, right));
        return scope.Keep(Functional.Conv2d(input, _weight / largest, _bias, _stride, _padding));
    }

    // The graph keeps the vectors of this very call: the buffers may have moved on before backward runs.
    private (Tensor Left, Tensor Right) Iterate(Tensor matrix)
    {
        using var noGrad = Autograd.NoGrad();
        var right = Unit(MatVec.Call(matrix.Transpose(0, 1), _left));
        var left = Unit(MatVec.Call(matrix, right));
        _right.Copy(right);
        _left.Copy(left);
        return (left, right);
    }

    private static Tensor Direction(long length)
    {
        using var scope = TensorScope.Enter();
        return scope.Keep(Unit(Tensor.Randn([length])));
    }

    private static Tensor Unit(Tensor vector) => vector / AtLeast.Call(vector.Square().Sum().Sqrt(), Least);
}
