namespace Unpress.Networks;

/// <summary>What a network may know besides the pixels, see <see cref="Conditions"/>.</summary>
[Flags]
public enum Knowledge
{
    None = 0,

    /// <summary>The quality factor, 1..100.</summary>
    Quality = 1,

    /// <summary>The quantised coefficients and tables of the JPEG file.</summary>
    Jpeg = 2,

    /// <summary>Random planes: another draw gives another picture.</summary>
    Noise = 4,
}
