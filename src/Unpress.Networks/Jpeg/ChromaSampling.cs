using Unpress.Torch;

namespace Unpress.Jpeg;

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
