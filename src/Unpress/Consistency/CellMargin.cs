using System.Runtime.CompilerServices;
using Unpress.Imaging.Jpeg;

namespace Unpress.Consistency;

/// <summary>
/// How far inside its cell a coefficient is put that was outside: pixels are rounded afterwards, and what lies at the very border would
/// fall out again every other time. The default is none.
/// </summary>
/// <param name="Distance">From the border, in units of the coefficients (pixel levels of 0..255; the DCT is orthonormal).</param>
/// <param name="Least">Share of the half cell, 0..1, that is left however small the cell is.</param>
public readonly record struct CellMargin(double Distance, double Least)
{
    /// <summary>
    /// For 8-bit pixels: their rounding moves a coefficient by 0.35 in the mean (root of the mean square), so 2 is rarely passed.
    /// </summary>
    public static CellMargin EightBit { get; } = new(2, 0.25);

    /// <summary>Half the width of a cell made smaller.</summary>
    /// <param name="half">Of the cell.</param>
    public float Inside(float half) => Distance == 0 ? half : Math.Max(half - (float)Distance, half * (float)Least);
}

/// <summary>
/// The cells of one plane of a file: coefficient k of a step q lay in [(k − ½)q, (k + ½)q] before it was rounded. All tables are the 64
/// numbers of a block, row = vertical frequency, on the scale of the coefficients of pixels 0..255.
/// </summary>
internal sealed class PlaneCells
{
    /// <summary>float32 coefficients of 8-bit samples are exact to this; a coefficient at the very border is let pass.</summary>
    private const float Rounding = 1e-3f;

    /// <summary>
    /// libjpeg's DCT is one of whole numbers: this close to the border (six times its mean error), it may decide for the other side.
    /// </summary>
    private const float Slack = 0.2f;

    private readonly short[] _stored;
    private readonly JpegComponent _component;

    /// <param name="horizontal">Blocks across of one coding unit.</param>
    /// <param name="vertical">Blocks down.</param>
    public PlaneCells(JpegCoefficients file, int plane, int horizontal, int vertical)
    {
        (Horizontal, Vertical) = (horizontal, vertical);
        _stored = file.Planes[plane];
        _component = file.Anatomy.Components[plane];
        Steps = Array.ConvertAll(file.Anatomy.Tables[_component.Table]!, step => (float)step);
        float[] halves = Array.ConvertAll(Steps, step => step / 2);
        Inner = Array.ConvertAll(halves, CellMargin.EightBit.Inside);
        Limit = Array.ConvertAll(halves, half => half + Rounding);
        SafeLimit = Array.ConvertAll(halves, half => half + Rounding - Math.Min(half * 0.1f, Slack));
    }

    public int Horizontal { get; }

    public int Vertical { get; }

    /// <summary>Quantiser steps.</summary>
    public float[] Steps { get; }

    /// <summary>How far from the middle of its cell a coefficient is put at most that was outside.</summary>
    public float[] Inner { get; }

    /// <summary>As far from the middle as this, a coefficient is outside.</summary>
    public float[] Limit { get; }

    /// <summary>
    /// As far from the middle as this, libjpeg may find it outside: nearer than <see cref="Limit"/> by 0.2, of a small cell by a tenth
    /// of its half.
    /// </summary>
    public float[] SafeLimit { get; }

    /// <summary>
    /// The blocks across and down that the file stores of a coding unit: at the right and the lower edge fewer than the unit has, for those
    /// wholly outside the picture are none.
    /// </summary>
    public (int Across, int Down) BlocksOf(int unitX, int unitY) =>
        (Math.Min(Horizontal, _component.BlocksWide - (unitX * Horizontal)),
         Math.Min(Vertical, _component.BlocksHigh - (unitY * Vertical)));

    /// <summary>The middles of one block's cells.</summary>
    /// <param name="x">Block of the plane, from the left.</param>
    /// <param name="y">From the top.</param>
    /// <param name="middles">64 numbers, written.</param>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public void Middles(int x, int y, Span<float> middles)
    {
        var stored = _stored.AsSpan(((y * _component.BlocksWide) + x) * FloatDct.Block, FloatDct.Block);
        for (int i = 0; i < middles.Length; i++)
            middles[i] = stored[i] * Steps[i];
    }
}
