using Unpress.Data;
using Unpress.Torch;

namespace Unpress.Consistency;

/// <summary>
/// Between a picture as it is seen, upright, and as its file stores it: the blocks of a JPEG lie in the stored one. EXIF's orientation says
/// how the stored rows and columns are turned: first exchanged (5–8), then the columns reversed (2, 3, 6, 7) and the rows (3, 4, 7, 8).
/// </summary>
/// <param name="Orientation">1–8.</param>
/// <param name="Width">Pixels across, as stored.</param>
/// <param name="Height">Pixels down, as stored.</param>
internal sealed record StoredGrid(int Orientation, int Width, int Height)
{
    private bool Exchanged => Orientation >= 5;

    private bool ColumnsReversed => Orientation is 2 or 3 or 6 or 7;

    private bool RowsReversed => Orientation is 3 or 4 or 7 or 8;

    /// <summary>Where an area of the stored picture is in the upright one.</summary>
    public PixelArea Upright(PixelArea stored)
    {
        var (x, y, width, height) = Exchanged
            ? (stored.Y, stored.X, stored.Height, stored.Width)
            : (stored.X, stored.Y, stored.Width, stored.Height);
        var (across, down) = Exchanged ? (Height, Width) : (Width, Height);
        return new PixelArea(ColumnsReversed ? across - x - width : x, RowsReversed ? down - y - height : y, width, height);
    }

    /// <summary>[N, C, h, w] of the stored picture to the upright one.</summary>
    public Tensor ToUpright(Tensor stored) => Reverse(Exchanged ? stored.Transpose(2, 3) : stored);

    /// <summary>[N, C, H, W] of the upright picture to the stored one.</summary>
    public Tensor ToStored(Tensor upright)
    {
        var reversed = Reverse(upright);
        return Exchanged ? reversed.Transpose(2, 3) : reversed;
    }

    private Tensor Reverse(Tensor pixels)
    {
        long[] dimensions = [.. RowsReversed ? (long[])[2] : [], .. ColumnsReversed ? (long[])[3] : []];
        return dimensions.Length == 0 ? pixels : pixels.Flip(dimensions);
    }
}
