using Unpress.Torch;
using Unpress.Torch.Nn;

namespace Unpress.Networks;

/// <summary>x + conv(ReLU(conv(x))), 3×3, no normalisation: the residual block of EDSR (Lim et al., CVPRW 2017).</summary>
public sealed class ResidualBlock : Layer
{
    private readonly Conv2d _first;
    private readonly Conv2d _second;

    public ResidualBlock(long channels)
    {
        _first = Add("conv1", Conv2d.Same(channels, channels, 3));
        _second = Add("conv2", Conv2d.Same(channels, channels, 3));
    }

    public override Tensor Forward(Tensor input)
    {
        using var change = Change(input);
        return input + change;
    }

    private Tensor Change(Tensor input)
    {
        using var active = Active(input);
        return _second.Forward(active);
    }

    private Tensor Active(Tensor input)
    {
        using var hidden = _first.Forward(input);
        return Functional.Relu(hidden);
    }
}

/// <summary>The usual start of residual generators without normalisation.</summary>
internal static class SmallStart
{
    private const double Scale = 0.1;

    /// <summary>Every convolution of the tree by He's normal rule times 0.1, biases 0.</summary>
    public static void Apply(Module module)
    {
        foreach (var (name, tensor) in module.NamedParameters())
        {
            if (name.EndsWith(".bias", StringComparison.Ordinal))
                Init.Constant(tensor, 0);
            else
                Init.KaimingNormal(tensor, scale: Scale);
        }
    }
}

/// <summary>Long chains that let go of each result as soon as the next is there: at full size that is most of the memory.</summary>
internal static class TensorChain
{
    /// <summary>The step's result; the tensor itself is disposed.</summary>
    public static Tensor Then(this Tensor tensor, Func<Tensor, Tensor> step)
    {
        using (tensor)
            return step(tensor);
    }
}

/// <summary>What PowerQE's networks do where two levels meet and their sizes differ by a pixel.</summary>
internal static class SizeFit
{
    /// <summary>Crops, or pads with zeros, to the height and width of <paramref name="like"/>; the odd pixel goes to the right and bottom.</summary>
    public static Tensor Centre(Tensor input, Tensor like)
    {
        var (shape, wanted) = (input.Shape, like.Shape);
        long rows = wanted[2] - shape[2], columns = wanted[3] - shape[3];
        if (rows == 0 && columns == 0 && !Op.IsObserved)
            return input.Alias();
        long top = rows / 2, left = columns / 2; // rounds towards zero: cropping takes its odd pixel from the right and bottom as well
        return Functional.Pad(input, left, columns - left, top, rows - top, Padding.Zero);
    }
}
