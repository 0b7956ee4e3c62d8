using Unpress.Jpeg;
using Unpress.Torch;

namespace Unpress.Consistency;

/// <summary>
/// What libjpeg makes of 8-bit pixels before it quantises, with its roundings: Y, Cb and Cr are whole numbers, and so are the means of
/// chroma. Its 16 fractional bits fit into the 24 of a float32, so the numbers are exactly libjpeg's.
/// </summary>
internal static class EightBitEncoder
{
    private const double One = 65536;
    private static readonly Op Floor = Op.Find("aten::floor");

    /// <param name="levels">[N, 1 or 3, H, W], whole numbers 0..255.</param>
    /// <param name="cells">The file's planes.</param>
    /// <returns>Coefficients of each plane, laid out as <see cref="JpegPlane.Coefficients"/>.</returns>
    public static IReadOnlyList<Tensor> Coefficients(Tensor levels, QuantisationCells cells)
    {
        var padded = cells.Padded(levels);
        if (cells.Ratios.Count == 1)
            return [BlockDct.Forward(cells.Extended(0, padded) - 128)];
        var (r, g, b) = (padded.Narrow(1, 0, 1), padded.Narrow(1, 1, 1), padded.Narrow(1, 2, 1));
        const double half = One / 2, centre = (128 * One) + half - 1;
        Tensor[] planes =
        [
            Whole((r * 19595) + (g * 38470) + (b * 7471) + half),
            Whole((r * -11059) + (g * -21709) + (b * 32768) + centre),
            Whole((r * 32768) + (g * -27439) + (b * -5329) + centre),
        ];
        return [.. planes.Select((plane, i) => BlockDct.Forward(cells.Extended(i, Reduce(plane, cells.Ratios[i].Across, cells.Ratios[i].Down)) - 128))];
    }

    private static Tensor Whole(Tensor scaled) => Floor.Call(scaled / One);

    /// <summary>Means of boxes. Halved across, libjpeg rounds halves up and down in turns from column to column.</summary>
    private static Tensor Reduce(Tensor plane, int across, int down)
    {
        int box = across * down;
        if (box == 1)
            return plane;
        var sums = ChromaSampling.Reduce(plane, across, down) * box;
        float even = (across, down) switch { (2, 1) => 0, (2, 2) => 1, _ => box / 2 };
        float odd = (across, down) is (2, 1) or (2, 2) ? even + 1 : even;
        float[] offsets = [.. Enumerable.Range(0, (int)sums.Size(3)).Select(column => column % 2 == 0 ? even : odd)];
        // A quotient of whole numbers this small is never rounded up to the next whole one.
        return Floor.Call((sums + Tensor.From(offsets, 1, 1, 1, offsets.Length)) / box);
    }
}
