namespace Unpress.Torch;

/// <summary>How to resize.</summary>
public enum Interpolation
{
    Nearest,
    Bilinear,
    Bicubic,
}
