using Unpress.Consistency;
using Unpress.Torch;

namespace Unpress.Jpeg;

/// <summary>
/// Where the DCT coefficients of a picture lay before JPEG rounded them: coefficient k of a table's step q came from [(k − ½)q, (k + ½)q]. A
/// restored picture outside its cells contradicts the file; <see cref="Project"/> gives the nearest one that does not, chroma in its
/// subsampled plane. Works on batches and inside training: gradients pass where a coefficient stays, and stop where it is held at a border.
/// </summary>
public sealed class QuantisationCells
{
    private static readonly Op Smaller = Op.Find("aten::minimum");
    private static readonly Op Larger = Op.Find("aten::maximum");
    private static readonly Op AtLeast = Op.Find("aten::ge.Tensor");

    /// <summary>float32 coefficients of 8-bit samples are exact to this; a coefficient at the very border is let pass.</summary>
    private const double Rounding = 1e-3;

    private readonly JpegTensors _jpeg;
    private readonly int _unitAcross;
    private readonly int _unitDown;

    /// <param name="jpeg">On the device and of the batch size of the pictures to come.</param>
    /// <exception cref="ArgumentException">Not gray or three planes, or a plane's sampling does not divide the largest.</exception>
    public QuantisationCells(JpegTensors jpeg)
    {
        _jpeg = jpeg;
        (_unitAcross, _unitDown) = (jpeg.McuWidth / BlockDct.Side, jpeg.McuHeight / BlockDct.Side);
        if (jpeg.Planes.Count is not (1 or 3))
            throw new ArgumentException($"cells are known for gray and for Y'CbCr, not for {jpeg.Planes.Count} planes", nameof(jpeg));
        if (jpeg.Planes.Any(plane => _unitAcross % plane.Horizontal != 0 || _unitDown % plane.Vertical != 0))
            throw new ArgumentException("a plane is sampled at no whole fraction of the picture", nameof(jpeg));
        Ratios = [.. jpeg.Planes.Select(plane => (_unitAcross / plane.Horizontal, _unitDown / plane.Vertical))];
    }

    /// <summary>The nearest picture (in Y'CbCr, each plane at its own resolution) whose coefficients are in their cells. Not clamped to 0..1.</summary>
    /// <param name="pixels">[N, 1 or 3, H, W], 0..1.</param>
    /// <param name="margin">How far inside the cells to end, see <see cref="CellMargin"/>.</param>
    public Tensor Project(Tensor pixels, CellMargin margin = default)
    {
        using var scope = TensorScope.Enter();
        return scope.Keep(Move(pixels, [.. Coefficients(pixels).Select((c, plane) => Correction(plane, c, margin))]));
    }

    /// <summary>Share of the coefficients, 0..1, that are in their cells.</summary>
    /// <param name="pixels">[N, 1 or 3, H, W], 0..1.</param>
    public double Share(Tensor pixels)
    {
        using var scope = TensorScope.Enter();
        var coefficients = Coefficients(pixels);
        double outside = 0, all = 0;
        for (int plane = 0; plane < coefficients.Count; plane++)
        {
            outside += Outside(plane, coefficients[plane]).Sum().Item();
            all += coefficients[plane].Count;
        }
        return 1 - (outside / all);
    }

    /// <summary>One tensor a plane, laid out as <see cref="JpegPlane.Coefficients"/>, not quantised and not rounded anywhere.</summary>
    public IReadOnlyList<Tensor> Coefficients(Tensor pixels)
    {
        var samples = TensorColour.ToSamples(Padded(pixels));
        return [.. Ratios.Select((ratio, i) =>
        {
            var (across, down) = ratio;
            var samplesOf = samples.Narrow(1, i, 1);
            return BlockDct.Forward(Extended(i, across * down == 1 ? samplesOf : ChromaSampling.Reduce(samplesOf, across, down)));
        })];
    }

    /// <summary>What must be added to the coefficients of a plane to bring them into their cells; 0 where nothing.</summary>
    internal Tensor Correction(int plane, Tensor coefficients, CellMargin margin)
    {
        var (centre, half) = Cell(plane);
        var inner = margin.Distance == 0 ? half : Larger.Call(half - margin.Distance, half * margin.Least);
        return Smaller.Call(Larger.Call(coefficients, centre - inner), centre + inner) - coefficients;
    }

    /// <summary>
    /// 1 where a coefficient is outside its cell, or within <paramref name="slack"/> (of a small cell, a tenth of its half) of the border; 0
    /// elsewhere.
    /// </summary>
    internal Tensor Outside(int plane, Tensor coefficients, double slack = 0)
    {
        var (centre, half) = Cell(plane);
        return AtLeast.Call((coefficients - centre).Abs(), half + Rounding - (half * 0.1).Clamp(0, slack)).To(DType.Float32);
    }

    /// <summary>The pixels with changes of coefficients applied, one tensor a plane.</summary>
    internal Tensor Move(Tensor pixels, IReadOnlyList<Tensor> corrections)
    {
        var samples = TensorColour.ToSamples(pixels);
        var changes = new Tensor[corrections.Count];
        for (int i = 0; i < changes.Length; i++)
        {
            var (across, down) = Ratios[i];
            var change = Fold(BlockDct.Inverse(corrections[i]), 2, (pixels.Size(2) + down - 1) / down, 1);
            // A plane's sample is the mean of a box: the smallest change of that mean is the same change of the whole box.
            if (across * down > 1)
                change = Functional.Interpolate(change, change.Size(2) * down, change.Size(3) * across, Interpolation.Nearest);
            changes[i] = Fold(change.Narrow(2, 0, pixels.Size(2)), 3, pixels.Size(3), across);
        }
        return TensorColour.ToPixels(samples + Tensor.Cat(changes, 1));
    }

    /// <summary>
    /// Cuts a change to what is visible. The rest of the last block repeats the last visible line: that line changes by the mean of what all its
    /// copies should. Blocks of which nothing is visible ask for nothing.
    /// </summary>
    private static Tensor Fold(Tensor change, int dimension, long visible, int ratio)
    {
        long block = BlockDct.Side * ratio, used = (visible + block - 1) / block * block;
        if (used == visible)
            return change.Narrow(dimension, 0, visible);
        var last = change.Narrow(dimension, visible - 1, used - visible + 1).Mean([dimension], keep: true);
        return Tensor.Cat([change.Narrow(dimension, 0, visible - 1), last], dimension);
    }

    /// <summary>
    /// The picture at the width of whole coding units and the height of whole samples, its edge repeated. Downwards libjpeg repeats samples
    /// instead, see <see cref="Extended"/>: where two lines make a sample of chroma, that is not the same.
    /// </summary>
    internal Tensor Padded(Tensor pixels)
    {
        long right = (_jpeg.Planes[0].Coefficients.Size(3) * Ratios[0].Across) - pixels.Size(3);
        long bottom = (_unitDown - (pixels.Size(2) % _unitDown)) % _unitDown;
        return right == 0 && bottom == 0 ? pixels : Functional.Pad(pixels, 0, right, 0, bottom, Padding.Replicate);
    }

    /// <summary>The samples of a plane down to its last block, the last line repeated.</summary>
    internal Tensor Extended(int plane, Tensor samples)
    {
        long missing = _jpeg.Planes[plane].Coefficients.Size(2) - samples.Size(2);
        return missing == 0 ? samples : Functional.Pad(samples, 0, 0, 0, missing, Padding.Replicate);
    }

    /// <summary>Pixels that one sample of each plane stands for.</summary>
    internal IReadOnlyList<(int Across, int Down)> Ratios { get; }

    private (Tensor Centre, Tensor Half) Cell(int plane)
    {
        var (coefficients, table) = (_jpeg.Planes[plane].Coefficients, _jpeg.Planes[plane].Table);
        var step = BlockDct.Spread(table, coefficients.Size(2), coefficients.Size(3));
        return (coefficients * step, step / 2);
    }
}
