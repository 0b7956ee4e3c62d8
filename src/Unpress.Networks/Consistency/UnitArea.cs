using Unpress.Data;
using Unpress.Imaging.Jpeg;
using Unpress.Jpeg;
using Unpress.Torch;

namespace Unpress.Consistency;

/// <summary>
/// Coding units (16×16 pixels at 4:2:0) of a stored picture that are all visible to the same extent, as one batch: M units of
/// <paramref name="UnitWidth"/> × <paramref name="UnitHeight"/> visible pixels, row by row.
/// </summary>
/// <param name="Pixels">Of the stored picture; a whole number of units.</param>
/// <param name="UnitWidth">Less than the unit's own in the last column of a picture whose size is no multiple.</param>
internal sealed record UnitArea(PixelArea Pixels, int UnitWidth, int UnitHeight)
{
    private int Across => Pixels.Width / UnitWidth;

    private int Down => Pixels.Height / UnitHeight;

    /// <summary>The picture in strips of about <paramref name="pixels"/> pixels; what is cut at the right and at the bottom comes by itself.</summary>
    public static IEnumerable<UnitArea> Of(JpegAnatomy file, long pixels)
    {
        var (width, height) = UnitOf(file);
        int wholeWide = file.Width / width * width, wholeHigh = file.Height / height * height;
        int rows = (int)Math.Max(1, pixels / ((long)file.Width * height)) * height;
        for (int y = 0; y < wholeHigh; y += rows)
            foreach (var area in Columns(y, Math.Min(rows, wholeHigh - y), height))
                yield return area;
        if (wholeHigh < file.Height)
            foreach (var area in Columns(wholeHigh, file.Height - wholeHigh, file.Height - wholeHigh))
                yield return area;

        IEnumerable<UnitArea> Columns(int y, int high, int unitHeight)
        {
            if (wholeWide > 0)
                yield return new UnitArea(new PixelArea(0, y, wholeWide, high), width, unitHeight);
            if (wholeWide < file.Width)
                yield return new UnitArea(new PixelArea(wholeWide, y, file.Width - wholeWide, high), file.Width - wholeWide, unitHeight);
        }
    }

    /// <summary>[1, C, H, W] of the area to [M, C, UnitHeight, UnitWidth].</summary>
    public Tensor ToUnits(Tensor area)
    {
        long bands = area.Size(1);
        return area.Reshape(bands, Down, UnitHeight, Across, UnitWidth).Permute(1, 3, 0, 2, 4).Reshape(-1, bands, UnitHeight, UnitWidth);
    }

    /// <summary>The inverse of <see cref="ToUnits"/>.</summary>
    public Tensor ToArea(Tensor units)
    {
        long bands = units.Size(1);
        return units.Reshape(Down, Across, bands, UnitHeight, UnitWidth).Permute(2, 0, 3, 1, 4).Reshape(1, bands, Pixels.Height, Pixels.Width);
    }

    /// <summary>The file's coefficients, one batch entry a unit, and where the file has blocks at all: 1 there, 0 in the last unit's padding.</summary>
    public (JpegTensors Cells, Tensor[] Real) Cells(JpegCoefficients file)
    {
        var components = file.Anatomy.Components;
        var planes = new JpegPlane[components.Count];
        var real = new Tensor[components.Count];
        for (int i = 0; i < planes.Length; i++)
        {
            // The sampling factors of a picture of one plane mean nothing.
            var (h, v) = planes.Length == 1 ? (1, 1) : (components[i].Horizontal, components[i].Vertical);
            ushort[] table = file.Anatomy.Tables[components[i].Table]!;
            real[i] = Tensor.Zeros([1, 1, v * BlockDct.Side, h * BlockDct.Side]);
            planes[i] = new JpegPlane(
                Coefficients(file, i, h, v, real[i]), Tensor.From([.. table.Select(step => (float)step)], 1, 1, BlockDct.Side, BlockDct.Side), h, v);
        }
        return (new JpegTensors(planes), real);
    }

    private Tensor Coefficients(JpegCoefficients file, int component, int h, int v, Tensor real)
    {
        const int side = BlockDct.Side;
        var (unitWidth, unitHeight) = UnitOf(file.Anatomy);
        int left = Pixels.X / unitWidth * h, top = Pixels.Y / unitHeight * v;
        var facts = file.Anatomy.Components[component];
        var result = Tensor.Zeros([Across * Down, 1, v * side, h * side]);
        var target = result.Memory<float>();
        var mask = real.Memory<float>();
        for (int unit = 0; unit < Across * Down; unit++)
        {
            for (int block = 0; block < h * v; block++)
            {
                int x = left + (unit % Across * h) + (block % h), y = top + (unit / Across * v) + (block / h);
                if (x >= facts.BlocksWide || y >= facts.BlocksHigh)
                    continue;
                var source = file.Block(component, x, y);
                int at = (block / h * side * h * side) + (block % h * side);
                for (int i = 0; i < source.Length; i++)
                {
                    int place = at + (i / side * h * side) + (i % side);
                    target[(unit * h * v * side * side) + place] = source[i];
                    mask[place] = 1;
                }
            }
        }
        return result;
    }

    private static (int Width, int Height) UnitOf(JpegAnatomy file) => file.Components.Count == 1
        ? (BlockDct.Side, BlockDct.Side)
        : (BlockDct.Side * file.Components.Max(c => c.Horizontal), BlockDct.Side * file.Components.Max(c => c.Vertical));
}
