using Unpress.Data;
using Unpress.Onnx;

namespace Unpress.Inference;

/// <summary>
/// Cuts a picture into tiles of at most a given number of pixels, surroundings included, so that it takes the least time. With surroundings of
/// the network's receptive field, tiled and whole give the same picture.
/// </summary>
internal sealed class TilePlan
{
    /// <summary>Pixels a side of a core below which the surroundings are nearly all of the work.</summary>
    private const int Smallest = 64;

    /// <summary>Pictures up to this many pixels are not cut for the sake of time.</summary>
    private const long Whole = 2_000_000;

    private readonly int _width;
    private readonly int _height;
    private readonly int _multiple;

    /// <param name="overlap">Pixels of surroundings on each side, rounded up to the network's multiple; null for the network's receptive field.</param>
    public TilePlan(ModelFacts facts, int width, int height, int? overlap = null)
    {
        (_width, _height, _multiple) = (width, height, facts.SizeMultiple);
        Overlap = RoundUp(overlap ?? facts.ReceptiveField, _multiple);
    }

    /// <summary>Pixels that tiles see of their neighbours on each side.</summary>
    public int Overlap { get; }

    /// <summary>
    /// Row by row. When not even a small tile fits, small tiles are used: the caller finds out whether it goes. Large tiles compute less twice;
    /// but memory used for the first time costs about as much time as computing on it (docs/performance.md), and the largest tile needs it all.
    /// </summary>
    public List<Tile> Cut(long maxPixels)
    {
        if ((long)_width * _height <= Math.Min(maxPixels, Whole))
            return [Tile.Of(PixelArea.Of(_width, _height), Overlap, _width, _height)];
        int smallest = RoundUp(Smallest, _multiple);
        (int Width, int Height) best = (smallest, smallest);
        long least = long.MaxValue;
        int[] heights = [.. Sizes(_height)];
        foreach (int width in Sizes(_width))
        {
            foreach (int height in heights)
            {
                long largest = (long)Math.Min(_width, width + (2 * Overlap)) * Math.Min(_height, height + (2 * Overlap));
                if (largest > maxPixels)
                    continue;
                long work = (Covered(_width, width) * Covered(_height, height)) + largest;
                if (work < least)
                    (best, least) = ((width, height), work);
            }
        }
        return Split(PixelArea.Of(_width, _height), best.Width, best.Height);
    }

    /// <summary>The tile in two halves; null when it is too small to be halved.</summary>
    public List<Tile>? Halve(Tile tile)
    {
        var core = tile.Core;
        int width = core.Width, height = core.Height;
        if (width >= height)
            width = RoundUp((width + 1) / 2, _multiple);
        else
            height = RoundUp((height + 1) / 2, _multiple);
        return width >= core.Width && height >= core.Height ? null : Split(core, width, height);
    }

    private List<Tile> Split(PixelArea area, int width, int height)
    {
        var tiles = new List<Tile>();
        for (int y = area.Y; y < area.Bottom; y += height)
            for (int x = area.X; x < area.Right; x += width)
                tiles.Add(Tile.Of(
                    new PixelArea(x, y, Math.Min(width, area.Right - x), Math.Min(height, area.Bottom - y)), Overlap, _width, _height));
        return tiles;
    }

    /// <summary>Core sizes that cut a side into 1, 2, 3, … nearly equal parts.</summary>
    private IEnumerable<int> Sizes(int side)
    {
        int smallest = RoundUp(Math.Min(side, Smallest), _multiple), previous = 0;
        for (int parts = 1; previous != smallest; parts++)
        {
            int size = Math.Max(smallest, RoundUp((side + parts - 1) / parts, _multiple));
            if (size != previous)
                yield return size;
            previous = size;
        }
    }

    /// <summary>Pixels along one side that all tiles of a row see together.</summary>
    private long Covered(int side, int core)
    {
        long sum = 0;
        for (int start = 0; start < side; start += core)
            sum += Math.Min(side, start + core + Overlap) - Math.Max(0, start - Overlap);
        return sum;
    }

    private static int RoundUp(int value, int multiple) => (value + multiple - 1) / multiple * multiple;
}

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
