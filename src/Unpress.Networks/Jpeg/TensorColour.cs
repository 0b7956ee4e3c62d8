using Unpress.Torch;

namespace Unpress.Jpeg;

/// <summary>
/// JFIF's colour conversion and the level shift before the DCT, without rounding: between pixels (gray or RGB, 0..1) and samples (Y, or Y,
/// Cb, Cr; −128..127). Differentiable; the shape stays [N, C, H, W] with C 1 or 3.
/// </summary>
public static class TensorColour
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

/// <summary>The luma of a JPEG file as networks for luma read it, on the scale of samples (−128..127).</summary>
/// <param name="Coefficients">[N, 1, H, W], dequantised: the middle of what each coefficient can have been.</param>
/// <param name="Steps">[N, 1, H, W], the quantiser step of each.</param>
public readonly record struct JpegLuma(Tensor Coefficients, Tensor Steps)
{
    private static readonly Op Clamp = Op.Find("aten::clamp.Tensor");

    /// <summary>The part that describes height × width pixels, multiples of 8.</summary>
    /// <exception cref="ArgumentException">The file's first plane is not at the picture's resolution, or ends before.</exception>
    public static JpegLuma Of(JpegTensors jpeg, long height, long width)
    {
        var luma = jpeg.Planes[0];
        if (luma.Horizontal * BlockDct.Side != jpeg.McuWidth || luma.Vertical * BlockDct.Side != jpeg.McuHeight)
            throw new ArgumentException("the JPEG stores its luma at a lower resolution than its chroma; networks for luma cannot take it");
        if (luma.Coefficients.Size(2) < height || luma.Coefficients.Size(3) < width)
            throw new ArgumentException($"the JPEG's coefficients end before {width}x{height} pixels");
        var steps = BlockDct.Spread(luma.Table, height, width);
        return new JpegLuma(luma.Coefficients.Narrow(2, 0, height).Narrow(3, 0, width) * steps, steps);
    }

    /// <summary>The nearest coefficients that the file allows: within <paramref name="share"/> of a step from the middle.</summary>
    /// <param name="coefficients">[N, 1, H, W], on the scale of samples.</param>
    /// <param name="share">0.5: all that rounds to the stored ones.</param>
    public Tensor Project(Tensor coefficients, double share = 0.5)
    {
        using var scope = TensorScope.Enter();
        var slack = Steps * share;
        return scope.Keep(Clamp.Call(coefficients, Coefficients - slack, Coefficients + slack));
    }
}

/// <summary>Chroma planes made smaller and larger as libjpeg does it, without its rounding. Differentiable.</summary>
public static class ChromaSampling
{
    private static readonly Op AveragePool = Op.Find("aten::avg_pool2d");

    /// <summary>The mean of each box of pixels; where the last box reaches over the edge, the edge is repeated.</summary>
    /// <param name="plane">[N, C, H, W].</param>
    /// <param name="across">Pixels of a box in a row: 2 for 4:2:0 and 4:2:2.</param>
    /// <param name="down">Pixels of a box in a column: 2 for 4:2:0.</param>
    /// <returns>[N, C, ⌈H/down⌉, ⌈W/across⌉].</returns>
    public static Tensor Reduce(Tensor plane, int across = 2, int down = 2)
    {
        using var scope = TensorScope.Enter();
        long right = Missing(plane.Size(3), across), bottom = Missing(plane.Size(2), down);
        var whole = right + bottom == 0 ? plane : Functional.Pad(plane, 0, right, 0, bottom, Padding.Replicate);
        return scope.Keep(AveragePool.Call(whole, new long[] { down, across }, new long[] { down, across }));
    }

    /// <summary>
    /// "Fancy" upsampling: a triangle filter, 3/4 of the nearer and 1/4 of the farther neighbour for a factor of 2, the edges repeated.
    /// </summary>
    /// <param name="plane">[N, C, h, w].</param>
    /// <param name="height">Rows wanted: those beyond are cut off.</param>
    /// <param name="width">Columns wanted.</param>
    /// <returns>[N, C, height, width].</returns>
    public static Tensor Enlarge(Tensor plane, long height, long width, int across = 2, int down = 2)
    {
        using var scope = TensorScope.Enter();
        // Half-pixel centres and clamped edges make bilinear interpolation by an integer factor this very filter.
        var large = across * down == 1
            ? plane
            : Functional.Interpolate(plane, plane.Size(2) * down, plane.Size(3) * across, Interpolation.Bilinear);
        return scope.Keep(large.Narrow(2, 0, height).Narrow(3, 0, width));
    }

    private static long Missing(long size, int multiple) => (multiple - (size % multiple)) % multiple;
}
