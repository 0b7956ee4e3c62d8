namespace Unpress.Metrics;

/// <summary>How a curve goes through its points; figures are comparable only within one of them.</summary>
public enum CurveFit
{
    /// <summary>One cubic by least squares: Bjøntegaard's own, VCEG-M33. Through four points exactly; through more it may not be monotone.</summary>
    Cubic,

    /// <summary>Monotone piecewise cubic (Fritsch and Carlson), as in the sheets of JCT-VC and JVET.</summary>
    Pchip,

    /// <summary>Akima's piecewise cubic.</summary>
    Akima,
}
