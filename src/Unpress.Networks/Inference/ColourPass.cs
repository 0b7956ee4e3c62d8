using Unpress.Imaging;
using Unpress.Networks;
using Unpress.Torch;

namespace Unpress.Inference;

/// <summary>
/// Which bands of a picture go through the network together, whatever number of channels the network has:
/// gray through an RGB network as R = G = B, the mean of what comes out; colour through a gray network as luma, chroma kept;
/// CMYK as if C, M, Y without their ink were R, G, B, and K as a gray picture of its own.
/// </summary>
/// <param name="Inverted">The bands are ink: 0 is white.</param>
internal sealed record ColourPass(int FirstBand, int Bands, bool Inverted)
{
    public static IReadOnlyList<ColourPass> For(ColourModel model) => model switch
    {
        ColourModel.Gray => [new(0, 1, false)],
        ColourModel.Rgb => [new(0, 3, false)],
        _ => [new(0, 3, true), new(3, 1, true)],
    };

    /// <summary>[1, bands, H, W] through the network, the same shape out.</summary>
    public static Tensor Run(Network network, Tensor planes, Conditions? conditions = null)
    {
        var input = Input(network, planes);
        var output = network.Forward(input, conditions);
        int bands = (int)planes.Size(1);
        if (bands == network.Facts.Channels)
            return output;
        // In Y'CbCr of full range, R, G and B are all Y plus something of the chroma alone: a change of Y adds to each the same.
        return bands == 1 ? output.Mean([1], keep: true) : planes + (output - input);
    }

    /// <summary>What the network finds in the whole picture, [1, bands, H, W].</summary>
    public static Conditions Survey(Network network, Tensor planes, Conditions given) => network.Survey(Input(network, planes), given);

    /// <summary>[1, bands, H, W] to [1, channels, H, W] as the network takes it.</summary>
    public static Tensor Input(Network network, Tensor planes)
    {
        int bands = (int)planes.Size(1), channels = network.Facts.Channels;
        if (bands == channels)
            return planes;
        return bands == 1 ? Tensor.Cat([.. Enumerable.Repeat(planes, channels)], 1) : Luma(planes);
    }

    /// <summary>ITU-R BT.601 luma of full range, as JPEG has it: [1, 3, H, W] to [1, 1, H, W].</summary>
    private static Tensor Luma(Tensor rgb)
        => (rgb.Narrow(1, 0, 1) * 0.299) + (rgb.Narrow(1, 1, 1) * 0.587) + (rgb.Narrow(1, 2, 1) * 0.114);
}
