using Unpress.Data;

namespace Unpress.Models;

/// <summary>Pictures made larger by what lies at their border.</summary>
internal static class Border
{
    /// <summary>A copy with the last column and row repeated up to a size.</summary>
    public static Planes Repeat(Planes planes, int height, int width)
    {
        var larger = new Planes(planes.Bands, height, width);
        for (int band = 0; band < planes.Bands; band++)
            for (int y = 0; y < height; y++)
            {
                var from = planes.Row(band, Math.Min(y, planes.Height - 1));
                var to = larger.Row(band, y);
                from.CopyTo(to);
                to[from.Length..].Fill(from[^1]);
            }
        return larger;
    }
}
