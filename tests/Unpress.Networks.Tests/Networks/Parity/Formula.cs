using Unpress.Torch;
using Unpress.Torch.Nn;

namespace Unpress.Tests.Networks.Parity;

/// <summary>Numbers from a formula, so that a fixture needs no weights: the same bits as <c>tests/parity/formula.py</c> computes.</summary>
internal static class Formula
{
    private static readonly string[] FilledBuffers = ["running_mean", "running_var", "weight_u", "weight_v"];

    /// <summary>A tensor of numbers in [0, 1].</summary>
    public static Tensor Picture(string name, params long[] shape)
        => Make(name, shape, number => (0.5 * number) + 0.5);

    /// <summary>Gives every parameter, and the buffers that a test must not leave at their defaults, their numbers.</summary>
    public static void Fill(Module module)
    {
        using var noGrad = Autograd.NoGrad();
        var buffers = module.NamedBuffers().Where(buffer => FilledBuffers.Contains(LastPart(buffer.Name)));
        foreach (var (name, tensor) in module.NamedParameters().Concat(buffers))
        {
            using var numbers = Weights(name, tensor.Shape);
            tensor.Copy(numbers);
        }
    }

    /// <summary>He's spread for what multiplies, around 1 for scales and variances, small for biases and means.</summary>
    public static Tensor Weights(string name, long[] shape)
    {
        if (shape.Length > 1)
        {
            double bound = Math.Sqrt(6.0 / shape.Skip(1).Aggregate(1L, (product, size) => product * size));
            return Make(name, shape, number => number * bound);
        }

        return LastPart(name) is "weight" or "running_var"
            ? Make(name, shape, number => 1 + (0.5 * number))
            : Make(name, shape, number => 0.1 * number);
    }

    private static Tensor Make(string name, long[] shape, Func<double, double> scale)
    {
        ulong seed = 0xCBF29CE484222325;
        foreach (byte letter in System.Text.Encoding.UTF8.GetBytes(name))
            seed = (seed ^ letter) * 0x100000001B3;
        var numbers = new float[shape.Aggregate(1L, (product, size) => product * size)];
        for (int k = 0; k < numbers.Length; k++)
            numbers[k] = (float)scale(Uniform(seed, k));
        return Tensor.From(numbers, shape);
    }

    // splitmix64, its upper 53 bits as a number in [-1, 1).
    private static double Uniform(ulong seed, int place)
    {
        ulong z = seed + ((ulong)(place + 1) * 0x9E3779B97F4A7C15);
        z = (z ^ (z >> 30)) * 0xBF58476D1CE4E5B9;
        z = (z ^ (z >> 27)) * 0x94D049BB133111EB;
        z ^= z >> 31;
        return ((z >> 11) / (double)(1L << 52)) - 1;
    }

    private static string LastPart(string name) => name[(name.LastIndexOf('.') + 1)..];
}
