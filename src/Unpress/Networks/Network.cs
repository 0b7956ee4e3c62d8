using Unpress.Torch;
using Unpress.Torch.Nn;

namespace Unpress.Networks;

/// <summary>
/// A restoration network: [N,C,H,W] float, 0..1, RGB or gray in, the same shape out. Any size is taken: the picture is padded here to the
/// network's multiple by repeating its border, and cropped again.
/// </summary>
public abstract class Network : Module
{
    protected Network(NetworkFacts facts) => Facts = facts;

    public NetworkFacts Facts { get; }

    /// <exception cref="ArgumentException">The channel count is not the network's.</exception>
    public Tensor Forward(Tensor input)
    {
        var shape = input.Shape; // N C H W
        if (shape.Length != 4 || shape[1] != Facts.Channels)
            throw new ArgumentException($"the network takes [N, {Facts.Channels}, H, W], got [{string.Join(", ", shape)}]");
        long right = Missing(shape[3], Facts.SizeMultiple), bottom = Missing(shape[2], Facts.SizeMultiple);
        if (right == 0 && bottom == 0)
            return Restore(input);
        var output = Restore(Functional.Pad(input, 0, right, 0, bottom, Padding.Replicate));
        return output.Narrow(2, 0, shape[2]).Narrow(3, 0, shape[3]);
    }

    /// <summary>The network itself, on sizes that are multiples of <see cref="NetworkFacts.SizeMultiple"/>.</summary>
    protected abstract Tensor Restore(Tensor input);

    private static long Missing(long size, int multiple) => (multiple - (size % multiple)) % multiple;
}
