using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using Unpress.Imaging;

namespace Unpress.Consistency;

/// <summary>
/// Finds 8-bit pixels that compress to given coefficients. Projection alone does not: rounding the pixels pushes coefficients out again. So
/// pixels are rounded, encoded as libjpeg does it, and what fell out is added to the unrounded pixels, until nothing is outside. Coding
/// units do not touch each other: each is a picture of its own. One thread uses a search at a time. What is marked for optimisation is
/// compiled so from the start: most pictures are done before the runtime finds out what is worth it.
/// </summary>
internal sealed class UnitSearch
{
    /// <summary>More rounds than this gain next to nothing: what is left has cells no wider than the rounding.</summary>
    private const int Rounds = 40;

    /// <summary>After these, smaller steps of changing size: equal ones go round in circles where the cells are small.</summary>
    private const int WholeSteps = 8;

    private readonly UnitGrid _grid;
    private readonly UnitSampling _sampling;

    // Bands, then planes: samples and their changes lie as a picture, coefficients and the middles of their cells block after block.
    private readonly float[][] _levels;
    private readonly float[][] _pixels;
    private readonly float[][] _best;
    private readonly float[][] _samples;
    private readonly float[][] _changes;
    private readonly float[][] _coefficients;
    private readonly float[][] _middles;

    // The unit at work: its blocks that the file stores, its visible pixels.
    private readonly List<Block> _blocks = [];
    private int _width;
    private int _height;

    public UnitSearch(UnitGrid grid)
    {
        (_grid, _sampling) = (grid, new UnitSampling(grid));
        float[][] Bands() => [.. grid.Planes.Select(_ => new float[grid.UnitWidth * grid.UnitHeight])];
        float[][] Planes() => [.. grid.Planes.Select(plane => new float[plane.Horizontal * plane.Vertical * FloatDct.Block])];
        (_levels, _pixels, _best) = (Bands(), Bands(), Bands());
        (_samples, _changes, _coefficients, _middles) = (Planes(), Planes(), Planes(), Planes());
    }

    /// <summary>Coefficients outside their cells in the units that were given.</summary>
    public long Before { get; private set; }

    /// <summary>And in what became of them.</summary>
    public long After { get; private set; }

    /// <summary>Counts the coefficients of a unit that are outside; nothing is changed.</summary>
    /// <param name="upright">8-bit gray or RGB.</param>
    public void Count(ImageBuffer upright, int unitX, int unitY) => Before += Take(upright, unitX, unitY).Outside;

    /// <summary>
    /// Changes a unit to what had, of all that was tried, the fewest coefficients outside; one without any stays as it was.
    /// </summary>
    /// <param name="upright">8-bit gray or RGB, changed in place.</param>
    public void Apply(ImageBuffer upright, int unitX, int unitY)
    {
        var given = Take(upright, unitX, unitY);
        var best = given.AtRisk > 0 ? Search(given) : given;
        if (best.AtRisk < given.AtRisk)
        {
            for (int band = 0; band < _best.Length; band++)
                _grid.Write(_best[band], upright, unitX, unitY, band);
        }
        (Before, After) = (Before + given.Outside, After + best.Outside);
    }

    /// <summary>
    /// How many coefficients of a unit are outside their cells, and how many are there or so near to the border that libjpeg may think
    /// so.
    /// </summary>
    private readonly record struct Faults(int Outside, int AtRisk);

    /// <param name="Sample">Its first sample, and the first of its changes, in those of its plane.</param>
    /// <param name="Stride">Samples from line to line.</param>
    /// <param name="First">Its first coefficient in those of its plane.</param>
    private readonly record struct Block(int Plane, int Sample, int Stride, int First)
    {
        public Span<float> Of(float[][] planes) => planes[Plane].AsSpan(First, FloatDct.Block);
    }

    private Faults Take(ImageBuffer upright, int unitX, int unitY)
    {
        (_width, _height) = _grid.VisibleOf(unitX, unitY);
        for (int band = 0; band < _levels.Length; band++)
        {
            _grid.Read(upright, unitX, unitY, band, _levels[band]);
            _sampling.Repeat(_levels[band], _width, _height);
        }
        _blocks.Clear();
        for (int plane = 0; plane < _middles.Length; plane++)
        {
            var cells = _grid.Planes[plane];
            var (across, down) = cells.BlocksOf(unitX, unitY);
            int stride = FloatDct.Side * cells.Horizontal;
            for (int i = 0; i < across * down; i++)
            {
                var (x, y) = (i % across, i / across);
                var block = new Block(plane, (y * FloatDct.Side * stride) + (x * FloatDct.Side), stride, i * FloatDct.Block);
                cells.Middles((unitX * cells.Horizontal) + x, (unitY * cells.Vertical) + y, block.Of(_middles));
                _blocks.Add(block);
            }
        }
        return Judge();
    }

    private Faults Search(Faults best)
    {
        for (int band = 0; band < _levels.Length; band++)
            for (int i = 0; i < _levels[band].Length; i++)
                _pixels[band][i] = _levels[band][i] * (1f / 255);
        _sampling.ToSamples(_pixels, _height, _samples);
        Transform();
        Correct(onlyFaults: false, 1);
        for (int round = 0; ; round++)
        {
            _sampling.Move(_pixels, _width, _height, _changes);
            for (int band = 0; band < _pixels.Length; band++)
                UnitSampling.Round(_pixels[band], _levels[band]);
            var now = Judge();
            if (now.AtRisk < best.AtRisk)
            {
                best = now;
                for (int band = 0; band < _best.Length; band++)
                    _levels[band].CopyTo(_best[band], 0);
            }
            if (round == Rounds || now.AtRisk == 0)
                return best;
            Correct(onlyFaults: true, round < WholeSteps ? 1 : (float)(0.3 + (0.5 * (round * 0.618 % 1))));
        }
    }

    /// <summary>Encodes the levels and compares with the cells; the coefficients stay for <see cref="Correct"/>.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private Faults Judge()
    {
        _sampling.Encode(_levels, _height, _samples);
        Transform();
        int outside = 0, atRisk = 0;
        foreach (var block in _blocks)
        {
            Span<float> coefficients = block.Of(_coefficients), middles = block.Of(_middles);
            var cells = _grid.Planes[block.Plane];
            for (int i = 0; i < FloatDct.Block; i += FloatDct.Side)
            {
                var distance = Vector256.Abs(At(coefficients, i) - At(middles, i));
                outside += Bits(Vector256.GreaterThanOrEqual(distance, At(cells.Limit, i)));
                atRisk += Bits(Vector256.GreaterThanOrEqual(distance, At(cells.SafeLimit, i)));
            }
        }
        return new Faults(outside, atRisk);
    }

    private void Transform()
    {
        foreach (var block in _blocks)
            FloatDct.Forward(_samples[block.Plane].AsSpan(block.Sample), block.Stride, block.Of(_coefficients));
    }

    /// <summary>What must be added to the samples to bring coefficients into their cells, 0 where nothing.</summary>
    /// <param name="onlyFaults">Leave out those that are inside and only nearer to the border than they would be put.</param>
    /// <param name="gain">Share of the way, 0..1.</param>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private void Correct(bool onlyFaults, float gain)
    {
        Span<float> corrections = stackalloc float[FloatDct.Block];
        foreach (var block in _blocks)
        {
            Span<float> coefficients = block.Of(_coefficients), middles = block.Of(_middles);
            var cells = _grid.Planes[block.Plane];
            var any = Vector256<float>.Zero;
            for (int i = 0; i < FloatDct.Block; i += FloatDct.Side)
            {
                var (now, middle, inner) = (At(coefficients, i), At(middles, i), At(cells.Inner, i));
                var change = Vector256.MinNative(Vector256.MaxNative(now, middle - inner), middle + inner) - now;
                if (onlyFaults)
                    change = (change & Vector256.GreaterThanOrEqual(Vector256.Abs(now - middle), At(cells.SafeLimit, i))) * gain;
                any |= change;
                change.CopyTo(corrections[i..]);
            }
            var to = _changes[block.Plane].AsSpan(block.Sample);
            if (Vector256.EqualsAll(any, Vector256<float>.Zero))
            {
                for (int y = 0; y < FloatDct.Side; y++)
                    to.Slice(y * block.Stride, FloatDct.Side).Clear();
            }
            else
            {
                FloatDct.Inverse(corrections, to, block.Stride);
            }
        }
    }

    private static int Bits(Vector256<float> mask) => BitOperations.PopCount(mask.ExtractMostSignificantBits());

    private static Vector256<float> At(ReadOnlySpan<float> values, int index) => Vector256.Create(values.Slice(index, FloatDct.Side));
}
