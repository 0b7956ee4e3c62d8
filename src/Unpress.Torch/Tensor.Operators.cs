namespace Unpress.Torch;

/// <summary>Typed operators: what Unpress uses. Everything else is one <see cref="Op.Find"/> away.</summary>
public sealed partial class Tensor
{
    public static Tensor operator +(Tensor a, Tensor b) => Ops.Add.Call(a, b);

    public static Tensor operator +(Tensor a, double b) => Ops.AddScalar.Call(a, b);

    public static Tensor operator -(Tensor a, Tensor b) => Ops.Sub.Call(a, b);

    public static Tensor operator -(Tensor a, double b) => Ops.AddScalar.Call(a, -b);

    public static Tensor operator -(double a, Tensor b) => Ops.RSubScalar.Call(b, a);

    public static Tensor operator -(Tensor a) => Ops.Neg.Call(a);

    public static Tensor operator *(Tensor a, Tensor b) => Ops.Mul.Call(a, b);

    public static Tensor operator *(Tensor a, double b) => Ops.MulScalar.Call(a, b);

    public static Tensor operator *(double a, Tensor b) => Ops.MulScalar.Call(b, a);

    public static Tensor operator /(Tensor a, Tensor b) => Ops.Div.Call(a, b);

    /// <summary>What is left of each whole number after division, 0 or more.</summary>
    public static Tensor operator %(Tensor a, long b) => Ops.RemainderScalar.Call(a, b);

    public static Tensor operator /(Tensor a, double b) => Ops.DivScalar.Call(a, b);

    public Tensor Abs() => Ops.Abs.Call(this);

    public Tensor Square() => Ops.Square.Call(this);

    public Tensor Sqrt() => Ops.Sqrt.Call(this);

    public Tensor Exp() => Ops.Exp.Call(this);

    public Tensor Log() => Ops.Log.Call(this);

    public Tensor Tanh() => Ops.Tanh.Call(this);

    public Tensor Sigmoid() => Ops.Sigmoid.Call(this);

    /// <summary>The smaller of each two.</summary>
    public static Tensor Minimum(Tensor a, Tensor b) => Ops.Minimum.Call(a, b);

    /// <summary>Where an element is at least <paramref name="least"/>: truth values.</summary>
    public Tensor AtLeast(long least) => Ops.AtLeastScalar.Call(this, least);

    public Tensor Clamp(double min, double max) => Ops.Clamp.Call(this, min, max);

    public Tensor ClampMin(double min) => Ops.ClampMin.Call(this, min);

    /// <summary>Mean over all elements: a scalar.</summary>
    public Tensor Mean() => Ops.Mean.Call(this);

    public Tensor Mean(long[] dimensions, bool keep = false) => Ops.MeanDim.Call(this, dimensions, keep);

    /// <summary>Sum over all elements: a scalar.</summary>
    public Tensor Sum() => Ops.Sum.Call(this);

    public Tensor Sum(long[] dimensions, bool keep = false) => Ops.SumDim.Call(this, dimensions, keep);

    public Tensor Max() => Ops.Max.Call(this);

    public Tensor Min() => Ops.Min.Call(this);

    public Tensor MatMul(Tensor other) => Ops.MatMul.Call(this, other);

    public Tensor Reshape(params long[] shape) => Ops.Reshape.Call(this, shape);

    public Tensor Permute(params long[] order) => Ops.Permute.Call(this, order);

    public Tensor Transpose(int a, int b) => Ops.Transpose.Call(this, a, b);

    public Tensor Unsqueeze(int dimension) => Ops.Unsqueeze.Call(this, dimension);

    public Tensor Squeeze(int dimension) => Ops.Squeeze.Call(this, dimension);

    /// <summary>A view of <paramref name="length"/> entries from <paramref name="start"/> along one dimension.</summary>
    public Tensor Narrow(int dimension, long start, long length) => Ops.Narrow.Call(this, dimension, start, length);

    public Tensor Flip(params long[] dimensions) => Ops.Flip.Call(this, dimensions);

    /// <summary>The same numbers outside the graph.</summary>
    public Tensor Detach() => Ops.Detach.Call(this);

    public Tensor Clone() => Ops.Clone.Call(this);

    public Tensor Contiguous(MemoryFormat format = MemoryFormat.Contiguous) => Ops.Contiguous.Call(this, format);

    public Tensor To(DType type) => Ops.ToDType.Call(this, type);

    public Tensor To(Device device) => Ops.ToDevice.Call(this, device, DType);

    /// <summary>Copies the numbers of <paramref name="source"/> into this tensor's memory.</summary>
    public void Copy(Tensor source) => Ops.Copy.Run(this, source);

    /// <summary>Points this handle at the memory of <paramref name="other"/> (dtype, device and layout included); the graph is not touched.</summary>
    public void SetData(Tensor other) => Ops.SetData.Run(this, other);

    public void Fill(double value) => Ops.Fill.Run(this, value);

    /// <summary>True when every element is a finite number.</summary>
    public bool AllFinite()
    {
        using var sum = Sum();
        if (double.IsFinite(sum.Item()))
            return true;
        // The sum of finite numbers can overflow: look again, element by element.
        using var finite = Ops.IsFinite.Call(this);
        using var all = Ops.All.Call(finite);
        return all.Item() != 0;
    }

    public static Tensor Zeros(long[] shape, DType type = DType.Float32, Device device = default)
        => Ops.Zeros.Call(shape, type, Value.None, ShapesOnly.Place(device));

    public static Tensor Ones(long[] shape, DType type = DType.Float32, Device device = default)
        => Ops.Ones.Call(shape, type, Value.None, ShapesOnly.Place(device));

    public static Tensor Empty(long[] shape, DType type = DType.Float32, Device device = default)
        => Ops.Empty.Call(shape, type, Value.None, ShapesOnly.Place(device));

    /// <summary>The whole numbers 0, 1, 2, … below <paramref name="count"/>, [count].</summary>
    public static Tensor Range(long count, Device device = default)
        => Ops.Arange.Call(count, DType.Int64, Value.None, ShapesOnly.Place(device));

    public static Tensor ZerosLike(Tensor other) => Ops.ZerosLike.Call(other);

    /// <summary>Normal numbers, drawn from the <see cref="Randomness"/> of this thread.</summary>
    public static Tensor Randn(long[] shape, DType type = DType.Float32, Device device = default) => Drawn(Ops.Randn, shape, type, device);

    /// <summary>Uniform numbers in [0, 1), drawn from the <see cref="Randomness"/> of this thread.</summary>
    public static Tensor Rand(long[] shape, DType type = DType.Float32, Device device = default) => Drawn(Ops.Rand, shape, type, device);

    /// <summary>Ones with the probability <paramref name="chance"/>, else zeros, drawn from the <see cref="Randomness"/> of this thread.</summary>
    public static Tensor Bernoulli(double chance, long[] shape, DType type = DType.Float32, Device device = default)
    {
        var tensor = Empty(shape, type, device);
        Ops.BernoulliInPlace.Run(tensor, chance, Randomness.For(tensor.Device));
        return tensor;
    }

    public static Tensor Cat(Tensor[] tensors, int dimension) => Ops.Cat.Call(tensors, dimension);

    public static Tensor Stack(Tensor[] tensors, int dimension) => Ops.Stack.Call(tensors, dimension);

    private static Tensor Drawn(Op op, long[] shape, DType type, Device device)
    {
        var place = ShapesOnly.Place(device);
        return op.Call(shape, Randomness.For(place), type, Value.None, place);
    }
}
