using Unpress.Torch;
using Unpress.Torch.Nn;

namespace Unpress.Networks;

/// <summary>
/// MWCNN: Liu, Zhang, Zhang, Lin, Zuo, "Multi-level Wavelet-CNN for Image Restoration", CVPRW 2018, in the form that its authors released for
/// PyTorch: a U-Net that goes down by Haar's wavelet and up by its inverse, dilated convolutions at every size, sums instead of concatenations.
/// Names as in the authors' files (lpj0/MWCNN_PyTorch).
/// Our reading: sides that are no multiple of 8 are continued by the border; the authors' program cuts them off.
/// </summary>
public sealed class Mwcnn : Network
{
    private readonly Layer _head, _down0, _down1, _down2, _bottom, _up2, _up1, _up0, _tail;

    public Mwcnn(MwcnnOptions options)
        : base(FactsOf(options))
    {
        int w = options.Width;
        _head = Add("head", new Sequential(new MwcnnBlock(options.Channels, w)));
        _down0 = Add("d_l0", new Sequential(new MwcnnBlock(w, 2, 1)));
        _down1 = Add("d_l1", new Sequential(new MwcnnBlock(4 * w, 2 * w), new MwcnnBlock(2 * w, 2, 1)));
        _down2 = Add("d_l2", new Sequential(new MwcnnBlock(8 * w, 4 * w), new MwcnnBlock(4 * w, 2, 1)));
        _bottom = Add("pro_l3", new Sequential(
            new MwcnnBlock(16 * w, 8 * w), new MwcnnBlock(8 * w, 2, 3), new MwcnnBlock(8 * w, 3, 2), new MwcnnBlock(8 * w, 16 * w)));
        _up2 = Add("i_l2", new Sequential(new MwcnnBlock(4 * w, 2, 1), new MwcnnBlock(4 * w, 8 * w)));
        _up1 = Add("i_l1", new Sequential(new MwcnnBlock(2 * w, 2, 1), new MwcnnBlock(2 * w, 4 * w)));
        _up0 = Add("i_l0", new Sequential(new MwcnnBlock(w, 2, 1)));
        _tail = Add("tail", new Sequential(Conv2d.Same(w, options.Channels, 3)));
    }

    public static NetworkEntry Entry { get; } = NetworkEntry.Of<MwcnnOptions>(
        "mwcnn", "MWCNN: a U-Net that goes down and up by Haar's wavelet", "Liu et al., CVPRW 2018", options => new Mwcnn(options)) with
    {
        Licence = "no licence stated by the authors",
    };

    protected override Tensor Restore(Tensor input, Conditions conditions)
    {
        using var scope = TensorScope.Enter();
        var full = _down0.Forward(_head.Forward(input));
        var half = _down1.Forward(Haar.Forward(full));
        var quarter = _down2.Forward(Haar.Forward(half));
        var x = Haar.Inverse(_bottom.Forward(Haar.Forward(quarter))) + quarter;
        x = Haar.Inverse(_up2.Forward(x)) + half;
        x = Haar.Inverse(_up1.Forward(x)) + full;
        return scope.Keep(input + _tail.Forward(_up0.Forward(x)));
    }

    private static NetworkFacts FactsOf(MwcnnOptions options)
    {
        options.Validate();
        return new NetworkFacts(options.Channels, ReceptiveField, SizeMultiple: 8);
    }

    // Full size 1 + 3 + 3 + 1; half size (1 + 3 + 3 + 1) · 2; quarter size 8 · 4; an eighth (1 + 5 + 5 + 1) · 8; wavelets within a cell of 8.
    private const int ReceptiveField = 8 + 16 + 32 + 96 + 7;
}

/// <summary>Options of <see cref="Mwcnn"/>; the defaults are the authors' for gray JPEGs (24,927,809 parameters).</summary>
public sealed record MwcnnOptions
{
    /// <summary>1 (luma, as in the paper) or 3 (RGB).</summary>
    public int Channels { get; init; } = 1;

    /// <summary>Channels at full size; doubled with each halving of the size.</summary>
    public int Width { get; init; } = 64;

    /// <exception cref="ArgumentException">An option is out of range.</exception>
    public void Validate()
    {
        Require.Channels(Channels);
        Require.Width(Width);
    }
}

/// <summary>3×3 convolutions, each followed by ReLU, named body.0, body.2.</summary>
internal sealed class MwcnnBlock : Layer
{
    private readonly Sequential _body;

    /// <summary>One convolution to another number of channels.</summary>
    public MwcnnBlock(int from, int to) => _body = Add("body", new Sequential(Conv2d.Same(from, to, 3), new Relu()));

    /// <summary>Two convolutions with these dilations.</summary>
    public MwcnnBlock(int width, int first, int second)
        => _body = Add("body", new Sequential(Dilated(width, first), new Relu(), Dilated(width, second), new Relu()));

    public override Tensor Forward(Tensor input) => _body.Forward(input);

    private static Conv2d Dilated(int width, int dilation) => new(width, width, 3, padding: dilation, dilation: dilation);
}

/// <summary>Haar's wavelet over squares of 2×2 pixels, orthonormal: all channels of the mean, then those of the differences across, down and of both.</summary>
internal static class Haar
{
    /// <param name="input">[N, C, H, W], even sides.</param>
    /// <returns>[N, 4C, H/2, W/2].</returns>
    public static Tensor Forward(Tensor input)
    {
        using var scope = TensorScope.Enter();
        var shape = input.Shape;
        var squares = Functional.PixelUnshuffle(input, 2).Reshape(shape[0], shape[1], 4, shape[2] / 2, shape[3] / 2);
        var (a, b, c, d) = (Pixel(0), Pixel(1), Pixel(2), Pixel(3)); // of two rows, a b and c d
        return scope.Keep(Tensor.Cat([a + b + c + d, b + d - a - c, c + d - a - b, a + d - b - c], 1));

        Tensor Pixel(int k) => squares.Narrow(2, k, 1).Reshape(shape[0], shape[1], shape[2] / 2, shape[3] / 2) * 0.5;
    }

    /// <param name="bands">[N, 4C, H, W].</param>
    /// <returns>[N, C, 2H, 2W].</returns>
    public static Tensor Inverse(Tensor bands)
    {
        using var scope = TensorScope.Enter();
        var shape = bands.Shape;
        long channels = shape[1] / 4;
        var (mean, across, down, both) = (Band(0), Band(1), Band(2), Band(3));
        var squares = Tensor.Cat(
            [mean - across - down + both, mean + across - down - both, mean - across + down - both, mean + across + down + both], 2);
        return scope.Keep(Functional.PixelShuffle(squares.Reshape(shape[0], shape[1], shape[2], shape[3]), 2));

        Tensor Band(int k) => bands.Narrow(1, k * channels, channels).Reshape(shape[0], channels, 1, shape[2], shape[3]) * 0.5;
    }
}
