using Unpress.Imaging;
using Unpress.Imaging.Jpeg;
using Unpress.Torch;

namespace Unpress.Jpeg;

/// <summary>
/// The coefficients of a JPEG found again in its decoded pixels, for training, where patches come without their files: their DCT divided by the
/// known table and rounded. Exact for luma where the decoder neither rounded across the middle between two steps nor clipped. Chroma
/// that was enlarged is made small again by undoing the decoder's filter, which is exact up to rounding inside, and near at the edges of the
/// patch, where the filter saw pixels that are not in it.
/// </summary>
public static class CoefficientRecovery
{
    /// <summary>Each round halves what is left of the difference: 2⁻⁷ of a chroma sample.</summary>
    private const int Rounds = 7;

    private static readonly Op Round = Op.Find("aten::round");

    /// <param name="pixels">[N, 1 or 3, H, W], 0..1, decoded; the first pixel begins a coding unit.</param>
    /// <param name="qualities">N quality factors of IJG tables, 1..100.</param>
    /// <param name="subsampling">Of colour; means nothing for gray.</param>
    public static JpegTensors Of(Tensor pixels, IReadOnlyList<int> qualities, ChromaSubsampling subsampling)
    {
        using var scope = TensorScope.Enter();
        var (across, down) = subsampling switch
        {
            ChromaSubsampling.C420 => (2, 2),
            ChromaSubsampling.C422 => (2, 1),
            _ => (1, 1),
        };
        bool gray = pixels.Size(1) == 1;
        var (unitWidth, unitHeight) = gray ? (BlockDct.Side, BlockDct.Side) : (across * BlockDct.Side, down * BlockDct.Side);
        var whole = Functional.Pad(pixels, 0, Missing(pixels.Size(3), unitWidth), 0, Missing(pixels.Size(2), unitHeight), Padding.Replicate);
        var samples = TensorColour.ToSamples(whole.Detach());
        var luma = Plane(samples.Narrow(1, 0, 1), Tables(qualities, StandardTables.Luma, pixels), gray ? 1 : across, gray ? 1 : down);
        var chroma = gray ? [] : Enumerable.Range(1, 2).Select(k => Plane(
            Reduced(samples.Narrow(1, k, 1), across, down), Tables(qualities, StandardTables.Chroma, pixels), 1, 1));
        JpegPlane[] planes = [luma, .. chroma];
        foreach (var plane in planes)
        {
            scope.Keep(plane.Coefficients);
            scope.Keep(plane.Table);
        }

        return new JpegTensors(planes);
    }

    private static JpegPlane Plane(Tensor samples, Tensor table, int horizontal, int vertical)
    {
        var steps = BlockDct.Spread(table, samples.Size(2), samples.Size(3));
        return new JpegPlane(Round.Call(BlockDct.Forward(samples) / steps), table, horizontal, vertical);
    }

    // What the decoder enlarged: the plane whose enlargement has these means.
    private static Tensor Reduced(Tensor plane, int across, int down)
    {
        var wanted = ChromaSampling.Reduce(plane, across, down);
        var found = wanted;
        for (int round = 0; round < Rounds && across * down > 1; round++)
        {
            var again = ChromaSampling.Reduce(ChromaSampling.Enlarge(found, plane.Size(2), plane.Size(3), across, down), across, down);
            found += wanted - again;
        }

        return found;
    }

    private static Tensor Tables(IReadOnlyList<int> qualities, Func<int, ushort[]> table, Tensor like)
        => Tensor.From<float>([.. qualities.SelectMany(quality => table(quality)).Select(step => (float)step)], qualities.Count, 1,
            BlockDct.Side, BlockDct.Side)
            .To(like.DType).To(like.Device);

    private static long Missing(long size, int multiple) => (multiple - (size % multiple)) % multiple;
}
