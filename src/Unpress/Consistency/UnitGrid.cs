using System.Runtime.CompilerServices;
using Unpress.Imaging;
using Unpress.Imaging.Jpeg;

namespace Unpress.Consistency;

/// <summary>
/// The coding units of a file (16×16 pixels at 4:2:0) on a picture that is upright: the blocks of a JPEG lie in the picture as it is
/// stored. EXIF's orientation says how the stored rows and columns are turned: first exchanged (5–8), then the columns reversed (2, 3, 6,
/// 7) and the rows (3, 4, 7, 8).
/// </summary>
internal sealed class UnitGrid
{
    private readonly int _width;
    private readonly int _height;

    // Where a pixel of the stored picture is in the upright one, in pixels: first + x · across + y · down.
    private readonly int _first;
    private readonly int _across;
    private readonly int _down;

    /// <param name="orientation">1–8.</param>
    public UnitGrid(JpegCoefficients file, int orientation)
    {
        var anatomy = Simplest(file.Anatomy);
        Planes = [.. anatomy.Components.Select((c, i) => new PlaneCells(file, i, c.Horizontal, c.Vertical))];
        (_width, _height) = (anatomy.Width, anatomy.Height);
        UnitWidth = FloatDct.Side * Planes.Max(plane => plane.Horizontal);
        UnitHeight = FloatDct.Side * Planes.Max(plane => plane.Vertical);
        bool exchanged = orientation >= 5, columns = orientation is 2 or 3 or 6 or 7, rows = orientation is 3 or 4 or 7 or 8;
        (Width, Height) = exchanged ? (_height, _width) : (_width, _height);
        int right = columns ? -1 : 1, below = rows ? -Width : Width;
        (_across, _down) = exchanged ? (below, right) : (right, below);
        _first = (columns ? Width - 1 : 0) + (rows ? (Height - 1) * Width : 0);
    }

    /// <summary>
    /// The same file with the smallest sampling factors that mean the same: those of one plane mean nothing, and 2x2,2x2,2x2 is 4:4:4.
    /// </summary>
    public static JpegAnatomy Simplest(JpegAnatomy file)
    {
        int across = file.Components.Select(c => c.Horizontal).Aggregate(Divisor);
        int down = file.Components.Select(c => c.Vertical).Aggregate(Divisor);
        var components = file.Components.Select(c => c with { Horizontal = c.Horizontal / across, Vertical = c.Vertical / down });
        return file with { Components = [.. components] };

        static int Divisor(int a, int b) => b == 0 ? a : Divisor(b, a % b);
    }

    /// <summary>Of the upright picture.</summary>
    public int Width { get; }

    /// <summary>Of the upright picture.</summary>
    public int Height { get; }

    /// <summary>Pixels of a coding unit across.</summary>
    public int UnitWidth { get; }

    /// <summary>Pixels of a coding unit down.</summary>
    public int UnitHeight { get; }

    public IReadOnlyList<PlaneCells> Planes { get; }

    /// <summary>Units that cover the picture across.</summary>
    public int UnitsAcross => (_width + UnitWidth - 1) / UnitWidth;

    /// <summary>Units that cover the picture down.</summary>
    public int UnitsDown => (_height + UnitHeight - 1) / UnitHeight;

    /// <summary>The pixels of a unit that are in the picture, as it is stored.</summary>
    public (int Width, int Height) VisibleOf(int unitX, int unitY) =>
        (Math.Min(UnitWidth, _width - (unitX * UnitWidth)), Math.Min(UnitHeight, _height - (unitY * UnitHeight)));

    /// <summary>Takes one band of a unit's visible pixels out of an upright picture.</summary>
    /// <param name="levels">UnitHeight × UnitWidth, written as far as it is visible: 0..255.</param>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public void Read(ImageBuffer upright, int unitX, int unitY, int band, Span<float> levels)
    {
        var (width, height) = VisibleOf(unitX, unitY);
        int step = _across * upright.Bands;
        for (int y = 0; y < height; y++)
        {
            int from = IndexOf(unitX, unitY, y, upright.Bands) + band;
            var line = levels.Slice(y * UnitWidth, width);
            for (int x = 0; x < line.Length; x++, from += step)
                line[x] = upright.Data[from];
        }
    }

    /// <summary>The inverse of <see cref="Read"/>.</summary>
    /// <param name="levels">Whole numbers 0..255.</param>
    public void Write(ReadOnlySpan<float> levels, ImageBuffer upright, int unitX, int unitY, int band)
    {
        var (width, height) = VisibleOf(unitX, unitY);
        int step = _across * upright.Bands;
        for (int y = 0; y < height; y++)
        {
            int to = IndexOf(unitX, unitY, y, upright.Bands) + band;
            var line = levels.Slice(y * UnitWidth, width);
            for (int x = 0; x < line.Length; x++, to += step)
                upright.Data[to] = (byte)line[x];
        }
    }

    /// <summary>Where the sample of the first band of a unit's line begins.</summary>
    private int IndexOf(int unitX, int unitY, int y, int bands) =>
        (_first + (unitX * UnitWidth * _across) + (((unitY * UnitHeight) + y) * _down)) * bands;
}
