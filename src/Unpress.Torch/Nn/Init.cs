namespace Unpress.Torch.Nn;

/// <summary>PyTorch's initialisers; they draw from the <see cref="Randomness"/> of the thread.</summary>
public static class Init
{
    private static readonly Op UniformOp = Op.Find("aten::uniform_");
    private static readonly Op NormalOp = Op.Find("aten::normal_");

    public static void Uniform(Tensor tensor, double low, double high)
    {
        using var noGrad = Autograd.NoGrad();
        UniformOp.Run(tensor, low, high, Randomness.For(tensor.Device));
    }

    public static void Normal(Tensor tensor, double mean, double deviation)
    {
        using var noGrad = Autograd.NoGrad();
        NormalOp.Run(tensor, mean, deviation, Randomness.For(tensor.Device));
    }

    public static void Constant(Tensor tensor, double value)
    {
        using var noGrad = Autograd.NoGrad();
        tensor.Fill(value);
    }

    /// <summary>What PyTorch's layers begin with: weights and biases within ±1/√(inputs of an output).</summary>
    public static void Usual(Tensor weight, Tensor? bias = null)
    {
        KaimingUniform(weight, Math.Sqrt(5));
        if (bias is null)
            return;
        double bound = 1 / Math.Sqrt(FanIn(weight));
        Uniform(bias, -bound, bound);
    }

    /// <summary>He et al. 2015, uniform, for leaky ReLU of slope <paramref name="a"/>.</summary>
    public static void KaimingUniform(Tensor weight, double a = 0)
    {
        double bound = Gain(a) * Math.Sqrt(3.0 / FanIn(weight));
        Uniform(weight, -bound, bound);
    }

    /// <summary>He et al. 2015, normal, for leaky ReLU of slope <paramref name="a"/>; residual branches often start at a tenth of it.</summary>
    public static void KaimingNormal(Tensor weight, double a = 0, double scale = 1) => Normal(weight, 0, scale * Gain(a) / Math.Sqrt(FanIn(weight)));

    /// <summary>Glorot and Bengio 2010, uniform.</summary>
    public static void XavierUniform(Tensor weight)
    {
        double bound = Math.Sqrt(6.0 / (FanIn(weight) + FanOut(weight)));
        Uniform(weight, -bound, bound);
    }

    /// <summary>Inputs that meet in one output: Cin · kH · kW.</summary>
    internal static double FanIn(Tensor weight)
    {
        var shape = weight.Shape;
        return shape.Skip(1).Aggregate(1.0, (product, size) => product * size);
    }

    private static double FanOut(Tensor weight)
    {
        var shape = weight.Shape;
        return shape[0] * shape.Skip(2).Aggregate(1.0, (product, size) => product * size);
    }

    private static double Gain(double a) => Math.Sqrt(2.0 / (1 + (a * a)));
}
