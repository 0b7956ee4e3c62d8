using Unpress.Torch;

namespace Unpress.Jpeg;

/// <summary>
/// JFIF's colour conversion and the level shift before the DCT, without rounding: between pixels (gray or RGB, 0..1) and samples (Y, or Y,
/// Cb, Cr; −128..127). Differentiable; the shape stays [N, C, H, W] with C 1 or 3.
/// </summary>
public static class JpegColour
{
    private const double White = 255;
    private const double Centre = 128;

    /// <summary>Y = 255 (0.299 R + 0.587 G + 0.114 B) − 128; Cb and Cr are centred on 0 already.</summary>
    /// <param name="pixels">[N, 1 or 3, H, W], 0..1.</param>
    public static Tensor ToSamples(Tensor pixels)
    {
        using var scope = TensorScope.Enter();
        if (pixels.Size(1) == 1)
            return scope.Keep((pixels * White) - Centre);
        var (r, g, b) = Planes(pixels * White);
        var y = (r * 0.299) + (g * 0.587) + (b * 0.114);
        var cb = (b - y) / 1.772;
        var cr = (r - y) / 1.402;
        return scope.Keep(Tensor.Cat([y - Centre, cb, cr], 1));
    }

    /// <summary>The inverse of <see cref="ToSamples"/>; nothing is clamped.</summary>
    /// <param name="samples">[N, 1 or 3, H, W], −128..127.</param>
    public static Tensor ToPixels(Tensor samples)
    {
        using var scope = TensorScope.Enter();
        if (samples.Size(1) == 1)
            return scope.Keep((samples + Centre) / White);
        var (shifted, cb, cr) = Planes(samples);
        var y = shifted + Centre;
        var r = y + (cr * 1.402);
        var b = y + (cb * 1.772);
        var g = (y - (r * 0.299) - (b * 0.114)) / 0.587;
        return scope.Keep(Tensor.Cat([r, g, b], 1) / White);
    }

    private static (Tensor First, Tensor Second, Tensor Third) Planes(Tensor image)
        => (image.Narrow(1, 0, 1), image.Narrow(1, 1, 1), image.Narrow(1, 2, 1));
}
