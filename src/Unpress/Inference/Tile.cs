using Unpress.Data;

namespace Unpress.Inference;

/// <summary>A part of a picture's work: <paramref name="Core"/> is written, <paramref name="Seen"/> is what the network gets.</summary>
internal sealed record Tile(PixelArea Core, PixelArea Seen)
{
    /// <summary>
    /// The core with its surroundings. <paramref name="overlap"/> is a multiple of the network's size multiple, and so is the core's
    /// origin: the network's coarse levels lie on the same grid in every tile.
    /// </summary>
    public static Tile Of(PixelArea core, int overlap, int width, int height)
    {
        int left = Math.Max(0, core.X - overlap), top = Math.Max(0, core.Y - overlap);
        int right = Math.Min(width, core.Right + overlap), bottom = Math.Min(height, core.Bottom + overlap);
        return new Tile(core, new PixelArea(left, top, right - left, bottom - top));
    }

    /// <summary>The core inside <see cref="Seen"/>.</summary>
    public (int X, int Y) Offset => (Core.X - Seen.X, Core.Y - Seen.Y);
}
