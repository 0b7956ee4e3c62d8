using Unpress.Jpeg;
using Unpress.Torch;

namespace Unpress.Consistency;

/// <summary>
/// Finds 8-bit pixels that compress to given coefficients. Projection alone does not: rounding the pixels pushes coefficients out again. So
/// pixels are rounded, encoded as libjpeg does it, and what fell out is added to the unrounded pixels, until nothing is outside.
/// Coding units do not touch each other: each is a picture of its own, and leaves the work when it is done.
/// </summary>
internal sealed class EightBitSearch
{
    /// <summary>More rounds than this gain next to nothing: what is left has cells no wider than the rounding.</summary>
    private const int Rounds = 40;

    /// <summary>After these, smaller steps of changing size: equal ones go round in circles where the cells are small.</summary>
    private const int WholeSteps = 8;

    private const double White = 255;

    /// <summary>libjpeg's DCT is one of whole numbers: this close to the border (six times its mean error), it may decide for the other side.</summary>
    private const double Slack = 0.2;

    private static readonly Op Select = Op.Find("aten::index_select");
    private static readonly Op NonZero = Op.Find("aten::nonzero");
    private static readonly Op CopyRows = Op.Find("aten::index_copy_");
    private static readonly Op Less = Op.Find("aten::lt.Tensor");
    private static readonly Op Round = Op.Find("aten::round");

    private readonly IReadOnlyList<Tensor> _real;
    private readonly Tensor _result;
    private readonly Tensor _faults;

    /// <param name="units">[M, C, h, w], M coding units as far as they are visible, multiples of 1/255.</param>
    /// <param name="cells">Of the M units, tables shared.</param>
    /// <param name="real">Per plane [1, 1, Hc, Wc]: 0 at blocks that lie wholly outside the picture, which no file stores, else 1.</param>
    public EightBitSearch(Tensor units, JpegTensors cells, IReadOnlyList<Tensor> real)
    {
        _real = real;
        _result = units.Clone();
        _faults = Faults(new QuantisationCells(cells), units, real, Slack);
        Before = Count(units, cells, real);
        Run(cells);
        After = Count(_result, cells, real);
    }

    /// <summary>Coefficients outside their cells in the given units.</summary>
    public long Before { get; }

    /// <summary>And in <see cref="Result"/>.</summary>
    public long After { get; }

    /// <summary>[M, C, h, w], multiples of 1/255: of all that was tried, what had the fewest coefficients outside; units without any stay as they were.</summary>
    public Tensor Result => _result;

    private void Run(JpegTensors all)
    {
        var active = Where(_faults);
        var jpeg = Take(all, active);
        var pixels = new QuantisationCells(jpeg).Project(Select.Call(_result, 0, active), CellMargin.EightBit);
        for (int round = 0; active.Count > 0; round++)
        {
            using var scope = TensorScope.Enter();
            var cells = new QuantisationCells(jpeg);
            var levels = Round.Call(pixels.Clamp(0, 1) * White);
            var coefficients = EightBitEncoder.Coefficients(levels, cells);
            Tensor[] outside = [.. coefficients.Select((c, i) => cells.Outside(i, c, Slack) * _real[i])];
            var faults = PerUnit(outside);
            var better = Where(Less.Call(faults, Select.Call(_faults, 0, active)));
            var at = Select.Call(active, 0, better);
            CopyRows.Run(_result, 0, at, Select.Call(levels / White, 0, better));
            CopyRows.Run(_faults, 0, at, Select.Call(faults, 0, better));
            var left = Where(faults);
            if (round == Rounds || left.Count == 0)
                return;
            // A little beyond black and white: a pixel that stays there must be able to come back.
            double gain = round < WholeSteps ? 1 : 0.3 + (0.5 * (round * 0.618 % 1));
            var moved = cells.Move(
                pixels.Clamp(-8 / White, 1 + (8 / White)),
                [.. coefficients.Select((c, i) => cells.Correction(i, c, CellMargin.EightBit) * outside[i] * gain)]);
            pixels = scope.Keep(Select.Call(moved, 0, left));
            jpeg = Take(jpeg, left);
            foreach (var plane in jpeg.Planes)
                scope.Keep(plane.Coefficients);
            active = scope.Keep(Select.Call(active, 0, left));
        }
    }

    /// <summary>Coefficients of these units outside their cells; parameters as the constructor's.</summary>
    public static long Count(Tensor units, JpegTensors cells, IReadOnlyList<Tensor> real)
    {
        using var scope = TensorScope.Enter();
        return (long)Faults(new QuantisationCells(cells), units, real, 0).Sum().Item();
    }

    /// <summary>[M], how many coefficients of each unit lie outside.</summary>
    private static Tensor Faults(QuantisationCells cells, Tensor units, IReadOnlyList<Tensor> real, double slack)
    {
        using var scope = TensorScope.Enter();
        var coefficients = EightBitEncoder.Coefficients(Round.Call(units * White), cells);
        return scope.Keep(PerUnit([.. coefficients.Select((c, i) => cells.Outside(i, c, slack) * real[i])]));
    }

    private static Tensor PerUnit(IEnumerable<Tensor> outside)
        => outside.Select(plane => plane.Sum([1, 2, 3])).Aggregate((a, b) => a + b);

    private static JpegTensors Take(JpegTensors jpeg, Tensor units)
        => new([.. jpeg.Planes.Select(plane => plane with { Coefficients = Select.Call(plane.Coefficients, 0, units) })]);

    private static Tensor Where(Tensor flags) => NonZero.Call(flags).Squeeze(1);
}
