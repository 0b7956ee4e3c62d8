using Unpress.Torch;

namespace Unpress.Consistency;

/// <summary>
/// How far inside its cell a coefficient is put that was outside: pixels are rounded afterwards, and what lies at the very border would fall
/// out again every other time. The default is none.
/// </summary>
/// <param name="Distance">From the border, in units of the coefficients (pixel levels of 0..255; the DCT is orthonormal).</param>
/// <param name="Least">Share of the half cell, 0..1, that is left however small the cell is.</param>
public readonly record struct CellMargin(double Distance, double Least)
{
    private static readonly Op Larger = Op.Find("aten::maximum");

    /// <summary>For 8-bit pixels: their rounding moves a coefficient by 0.35 in the mean (root of the mean square), so 2 is rarely passed.</summary>
    public static CellMargin EightBit { get; } = new(2, 0.25);

    /// <summary>Half widths of cells made smaller.</summary>
    internal Tensor Inside(Tensor half) => Distance == 0 ? half : Larger.Call(half - Distance, half * Least);
}
