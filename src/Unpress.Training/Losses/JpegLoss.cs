using Unpress.Degradations;
using Unpress.Imaging;
using Unpress.Imaging.Jpeg;
using Unpress.Jpeg;
using Unpress.Torch;

namespace Unpress.Losses;

/// <summary>
/// How far f(x) leaves the quantisation cells of its file: mean over DCT coefficients of max(0, (DCT(f(x)) − DCT(x))² − (q/2)²), with the file's
/// table q, channel by channel in the colours the file codes and at the size it codes them. Zero inside the cells, and for patches that
/// do not lie on the file's grid, as that of 16 pixels where chroma is halved. Guo and Chao, "One-to-Many Network for Visually Pleasing
/// Compression Artifacts Reduction", CVPR 2017, eq. 6; on the scale of pictures in 0..1.
/// </summary>
public sealed class JpegLoss(JpegLossOptions options) : ILossTerm
{
    private const double White = 255;

    public static LossEntry Entry { get; } = new(
        "jpeg", "stay inside the quantisation cells of the file (one-to-many)", section => new JpegLoss(section.Read<JpegLossOptions>()));

    public IEnumerable<string> Conflicts(LossPlan plan)
    {
        var data = plan.Recipe.Data;
        if (data.Degradation.Type != "jpeg")
            yield return $"needs quantisation tables, which data.degradation {data.Degradation.Type} does not have";
        else if (data.Degradation.Options.Read<CompressionOptions>() is { } options && (options.Aligned == 0 || options.Raw == 1))
            yield return "is zero where no patch is compressed and on the grid: data.degradation.aligned above 0 and raw below 1";
        if (data.Patch.Size % 16 != 0)
            yield return $"needs patches of whole coding units of 16 pixels, data.patch.size is {data.Patch.Size}";
    }

    public Tensor Evaluate(LossInput step)
    {
        // Patches of one table and one subsampling make one batch.
        var groups = Enumerable.Range(0, step.Facts.Count)
            .Where(n => IsOnGrid(step.Facts[n].Degradation))
            .GroupBy(n => (step.Facts[n].Degradation.Quality, Chroma: step.Facts[n].Gray ? null : (ChromaSubsampling?)step.Facts[n].Degradation.Subsampling));
        var total = Tensor.Zeros([], step.Raw.DType, step.Raw.Device);
        foreach (var group in groups)
        {
            long[] members = [.. group.Select(n => (long)n)];
            var enhanced = TensorColour.ToSamples(Pick(step.Enhanced, members));
            var compressed = TensorColour.ToSamples(Pick(step.Compressed, members));
            total += Excess(enhanced - compressed, group.Key.Quality, group.Key.Chroma) * ((double)members.Length / step.Facts.Count);
        }

        return total;
    }

    private static bool IsOnGrid(DegradationFacts facts)
    {
        if (!facts.Compressed)
            return false;
        int across = facts.Subsampling == ChromaSubsampling.C444 ? 8 : 16, down = facts.Subsampling == ChromaSubsampling.C420 ? 16 : 8;
        return facts.OffsetX % across == 0 && facts.OffsetY % down == 0;
    }

    // The mean over all coefficients of all channels. Every step to them is linear, so the difference may go first.
    private Tensor Excess(Tensor difference, int quality, ChromaSubsampling? chroma)
    {
        var luma = Outside(difference.Narrow(1, 0, 1), StandardTables.Luma(quality));
        if (chroma is null)
            return luma.Mean();
        int across = chroma == ChromaSubsampling.C444 ? 1 : 2, down = chroma == ChromaSubsampling.C420 ? 2 : 1;
        var colours = Outside(ChromaSampling.Reduce(difference.Narrow(1, 1, 2), across, down), StandardTables.Chroma(quality));
        return (luma.Sum() + colours.Sum()) / (luma.Count + colours.Count);
    }

    private Tensor Outside(Tensor plane, ushort[] table)
    {
        var half = Tensor.From(table.Select(step => (double)step / 2).ToArray(), 1, 1, 8, 8).To(plane.DType).To(plane.Device);
        var cell = BlockDct.Spread(half, plane.Size(2), plane.Size(3));
        var distance = BlockDct.Forward(plane);
        var outside = options.Form == JpegLossForm.Squares
            ? Functional.Relu(distance.Square() - cell.Square())
            : Functional.Relu(distance.Abs() - cell).Square();
        return outside / (White * White);
    }

    private static readonly Op IndexSelect = Op.Find("aten::index_select");

    private static Tensor Pick(Tensor batch, long[] members)
        => members.Length == batch.Size(0) ? batch : IndexSelect.Call(batch, 0L, Tensor.From(members, members.Length).To(batch.Device));
}

/// <summary>Options of <see cref="JpegLoss"/>.</summary>
public sealed record JpegLossOptions
{
    public JpegLossForm Form { get; init; } = JpegLossForm.Squares;
}

/// <summary>How <see cref="JpegLoss"/> counts a coefficient outside its cell; the paper's copies leave both readings open.</summary>
public enum JpegLossForm
{
    /// <summary>max(0, d² − (q/2)²).</summary>
    Squares,

    /// <summary>max(0, |d| − q/2)².</summary>
    Excess,
}

/// <summary>
/// mean |DCT(f(x)) − DCT(y)| over the coefficients of 8×8 blocks, orthonormal, of pictures in 0..1: what a pixel loss sees as one error counts
/// here by the frequencies it is made of. Blocks begin at the patch's corner.
/// </summary>
public sealed class DctLoss : ILossTerm
{
    public static LossEntry Entry { get; } = LossEntry.Of("dct", "mean absolute difference of block DCT coefficients", () => new DctLoss());

    public IEnumerable<string> Conflicts(LossPlan plan)
    {
        if (plan.Recipe.Data.Patch.Size % BlockDct.Side != 0)
            yield return $"needs patches of whole blocks of {BlockDct.Side} pixels, data.patch.size is {plan.Recipe.Data.Patch.Size}";
    }

    // The transform is linear: that of the difference is the difference of those.
    public Tensor Evaluate(LossInput step) => BlockDct.Forward(step.Enhanced - step.Raw).Abs().Mean();
}
