using Unpress.Networks;
using Unpress.Torch;
using Unpress.Torch.Nn;

namespace Unpress.Tests.Losses;

/// <summary>A small smooth network in float64 for gradients by central differences: x + tanh(conv(x)), with 12 numbers to train.</summary>
internal sealed class ProbeNetwork : Network
{
    private readonly Layer _layers;

    public ProbeNetwork(bool batchNorm = false)
        : base(new NetworkFacts(1, ReceptiveField: 2))
    {
        Layer[] layers = batchNorm ? [Conv2d.Same(1, 1, 3), new BatchNorm2d(1)] : [Conv2d.Same(1, 1, 3), new Tanh(), Conv2d.Same(1, 1, 1)];
        _layers = Add("layers", new Sequential(layers));
        To(Device.Cpu, DType.Float64);
    }

    /// <summary>All trained numbers in a row.</summary>
    public double[] Numbers
    {
        get => [.. Parameters().SelectMany(parameter => parameter.ToArray<double>())];
        set
        {
            int from = 0;
            foreach (var parameter in Parameters())
            {
                int count = (int)parameter.Count;
                parameter.Write<double>(value.AsSpan(from, count));
                from += count;
            }
        }
    }

    /// <summary>The gradient that backward left, in the order of <see cref="Numbers"/>; zeros where it left none.</summary>
    public double[] Gradient()
        => [.. Parameters().SelectMany(parameter => parameter.Grad?.ToArray<double>() ?? new double[parameter.Count])];

    protected override Tensor Restore(Tensor input, Conditions conditions) => input + _layers.Forward(input);

    private sealed class Tanh : Layer
    {
        public override Tensor Forward(Tensor input) => input.Tanh();
    }
}
