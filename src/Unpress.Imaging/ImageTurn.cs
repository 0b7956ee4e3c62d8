namespace Unpress.Imaging;

/// <summary>
/// Between pictures upright and pictures as their file stores them. EXIF's orientation says how the stored rows and columns become upright:
/// first exchanged (5–8), then the columns reversed (2, 3, 6, 7) and the rows (3, 4, 7, 8).
/// </summary>
public static class ImageTurn
{
    /// <summary>A copy with the rows and columns of the file.</summary>
    /// <param name="orientation">1–8.</param>
    public static ImageBuffer ToStored(ImageBuffer upright, int orientation)
    {
        bool exchanged = orientation >= 5;
        var stored = Empty(upright, exchanged ? upright.Height : upright.Width, exchanged ? upright.Width : upright.Height);
        Copy(upright, stored, orientation, toStored: true);
        return stored;
    }

    /// <summary>The inverse of <see cref="ToStored"/>.</summary>
    public static ImageBuffer ToUpright(ImageBuffer stored, int orientation)
    {
        bool exchanged = orientation >= 5;
        var upright = Empty(stored, exchanged ? stored.Height : stored.Width, exchanged ? stored.Width : stored.Height);
        Copy(upright, stored, orientation, toStored: false);
        return upright;
    }

    private static ImageBuffer Empty(ImageBuffer like, int width, int height)
        => new(width, height, like.Model, like.HasAlpha, like.BitsPerSample) { Metadata = like.Metadata };

    private static void Copy(ImageBuffer upright, ImageBuffer stored, int orientation, bool toStored)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(orientation, 1);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(orientation, 8);
        bool exchanged = orientation >= 5, columns = orientation is 2 or 3 or 6 or 7, rows = orientation is 3 or 4 or 7 or 8;
        int size = upright.Data.Length / (upright.Width * upright.Height);
        for (int y = 0; y < stored.Height; y++)
        {
            for (int x = 0; x < stored.Width; x++)
            {
                var (column, row) = exchanged ? (y, x) : (x, y);
                column = columns ? upright.Width - 1 - column : column;
                row = rows ? upright.Height - 1 - row : row;
                var seen = upright.Data.AsSpan(((row * upright.Width) + column) * size, size);
                var kept = stored.Data.AsSpan(((y * stored.Width) + x) * size, size);
                if (toStored)
                    seen.CopyTo(kept);
                else
                    kept.CopyTo(seen);
            }
        }
    }
}
