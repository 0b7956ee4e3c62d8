using Unpress.Torch;

namespace Unpress.Jpeg;

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
