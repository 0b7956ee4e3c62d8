using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace Unpress.Consistency;

/// <summary>
/// Between the pixels of one coding unit and the samples of its planes: JFIF's colours and the means of chroma, once as libjpeg rounds them
/// and once without rounding, which is what can be moved back. A band is UnitHeight × UnitWidth numbers; what is not visible repeats the
/// edge (<see cref="Repeat"/>). Samples of a plane are 8·Vertical × 8·Horizontal numbers, −128..127.
/// </summary>
internal sealed class UnitSampling
{
    private const float White = 255;
    private const float Centre = 128;

    /// <summary>A little beyond black and white: a pixel that stays there must be able to come back.</summary>
    private const float Beyond = (float)(8.0 / 255);

    private readonly UnitGrid _grid;
    private readonly int _width;
    private readonly int _height;

    // A unit's values of each plane, one for each pixel: before they are averaged, and a line of changes once they are spread.
    private readonly float[][] _values;
    private readonly float[][] _changes;

    public UnitSampling(UnitGrid grid)
    {
        _grid = grid;
        (_width, _height) = (grid.UnitWidth, grid.UnitHeight);
        _values = [.. grid.Planes.Select(_ => new float[_width * _height])];
        _changes = [.. grid.Planes.Select(_ => new float[_width])];
    }

    /// <summary>Repeats the last visible column and line to the end of the unit.</summary>
    public void Repeat(float[] band, int width, int height)
    {
        if (width < _width)
        {
            for (int y = 0; y < height; y++)
                band.AsSpan((y * _width) + width, _width - width).Fill(band[(y * _width) + width - 1]);
        }
        for (int y = height; y < _height; y++)
            band.AsSpan((height - 1) * _width, _width).CopyTo(band.AsSpan(y * _width));
    }

    /// <summary>
    /// What libjpeg makes of 8-bit pixels before its DCT: Y, Cb and Cr are whole numbers, and so are the means of chroma. Its 16 fractional
    /// bits fit into the 24 of a float32, so the numbers are exactly libjpeg's.
    /// </summary>
    /// <param name="levels">The bands, whole numbers 0..255.</param>
    /// <param name="height">Visible lines.</param>
    /// <param name="samples">Of each plane, written.</param>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public void Encode(float[][] levels, int height, float[][] samples)
    {
        if (levels.Length == 1)
        {
            Reduce(0, levels[0], height, whole: true, Centre, samples[0]);
            return;
        }
        const float half = 32768, centre = (128 * 65536) + half - 1;
        var (red, green, blue) = (levels[0], levels[1], levels[2]);
        for (int i = 0; i < red.Length; i += FloatDct.Side)
        {
            var (r, g, b) = (At(red, i), At(green, i), At(blue, i));
            Whole((r * 19595) + (g * 38470) + (b * 7471) + Vector256.Create(half)).CopyTo(_values[0], i);
            Whole((r * -11059) + (g * -21709) + (b * 32768) + Vector256.Create(centre)).CopyTo(_values[1], i);
            Whole((r * 32768) + (g * -27439) + (b * -5329) + Vector256.Create(centre)).CopyTo(_values[2], i);
        }
        for (int plane = 0; plane < samples.Length; plane++)
            Reduce(plane, _values[plane], height, whole: true, Centre, samples[plane]);
    }

    /// <summary>The samples of pixels without any rounding.</summary>
    /// <param name="pixels">The bands, 0..1.</param>
    /// <param name="height">Visible lines.</param>
    /// <param name="samples">Of each plane, written.</param>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public void ToSamples(float[][] pixels, int height, float[][] samples)
    {
        for (int i = 0; i < pixels[0].Length; i += FloatDct.Side)
        {
            if (pixels.Length == 1)
            {
                ((At(pixels[0], i) * White) - Vector256.Create(Centre)).CopyTo(_values[0], i);
                continue;
            }
            var (y, cb, cr) = Ycc(At(pixels[0], i), At(pixels[1], i), At(pixels[2], i));
            y.CopyTo(_values[0], i);
            cb.CopyTo(_values[1], i);
            cr.CopyTo(_values[2], i);
        }
        for (int plane = 0; plane < samples.Length; plane++)
            Reduce(plane, _values[plane], height, whole: false, 0, samples[plane]);
    }

    /// <summary>
    /// Moves the samples of pixels. A plane's sample is the mean of a box: the smallest change of that mean is the same change of the whole
    /// box. At the right and the lower edge the rest of the last block repeats the last visible line: that line changes by the mean of what
    /// all its copies should.
    /// </summary>
    /// <param name="pixels">The bands, 0..1 and a little beyond, changed in place.</param>
    /// <param name="width">Visible pixels across.</param>
    /// <param name="height">Visible pixels down.</param>
    /// <param name="changes">Of the samples of each plane; what is cut at the lower edge is overwritten.</param>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public void Move(float[][] pixels, int width, int height, float[][] changes)
    {
        for (int plane = 0; plane < changes.Length; plane++)
            FoldLines(changes[plane], FloatDct.Side * _grid.Planes[plane].Horizontal, (height + DownOf(plane) - 1) / DownOf(plane));
        for (int y = 0; y < height; y++)
        {
            for (int plane = 0; plane < changes.Length; plane++)
                Spread(plane, changes[plane], y / DownOf(plane), width);
            for (int x = 0, i = y * _width; x < _width; x += FloatDct.Side, i += FloatDct.Side)
            {
                if (pixels.Length == 1)
                {
                    var gray = (Held(At(pixels[0], i)) * White) - Vector256.Create(Centre) + At(_changes[0], x);
                    ((gray + Vector256.Create(Centre)) / White).CopyTo(pixels[0], i);
                    continue;
                }
                var (luma, cb, cr) = Ycc(Held(At(pixels[0], i)), Held(At(pixels[1], i)), Held(At(pixels[2], i)));
                luma = luma + At(_changes[0], x) + Vector256.Create(Centre);
                var r = luma + ((cr + At(_changes[2], x)) * 1.402f);
                var b = luma + ((cb + At(_changes[1], x)) * 1.772f);
                var g = (luma - (r * 0.299f) - (b * 0.114f)) / 0.587f;
                (r / White).CopyTo(pixels[0], i);
                (g / White).CopyTo(pixels[1], i);
                (b / White).CopyTo(pixels[2], i);
            }
        }
        foreach (float[] band in pixels)
            Repeat(band, width, height);
    }

    /// <summary>The nearest 8-bit levels of pixels.</summary>
    /// <param name="levels">Written: whole numbers 0..255.</param>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Round(float[] pixels, float[] levels)
    {
        for (int i = 0; i < pixels.Length; i += FloatDct.Side)
            Vector256.Round(Vector256.ClampNative(At(pixels, i), Vector256<float>.Zero, Vector256<float>.One) * White).CopyTo(levels, i);
    }

    private int AcrossOf(int plane) => _width / (FloatDct.Side * _grid.Planes[plane].Horizontal);

    private int DownOf(int plane) => _height / (FloatDct.Side * _grid.Planes[plane].Vertical);

    /// <summary>
    /// Means of boxes. Whole ones libjpeg rounds halves up, but halved across up and down in turns from column to column. Below the last
    /// line of whole boxes it repeats samples, not pixels: where two lines make a sample of chroma, that is not the same.
    /// </summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private void Reduce(int plane, float[] values, int height, bool whole, float centre, float[] samples)
    {
        int across = AcrossOf(plane), down = DownOf(plane), box = across * down;
        int stride = _width / across, unit = _height / FloatDct.Side;
        int lines = (height + unit - 1) / unit * unit / down;
        var (even, odd) = (across, down) switch { (2, 1) => (0f, 1f), (2, 2) => (1f, 2f), _ => (box / 2, box / 2) };
        var rounding = Vector256.Create(even, odd, even, odd, even, odd, even, odd);
        for (int y = 0; y < lines; y++)
        {
            for (int x = 0; x < stride; x += FloatDct.Side)
            {
                var sum = Vector256<float>.Zero;
                for (int line = 0; line < down; line++)
                    for (int column = 0; column < across; column++)
                        sum += Every(values, (((y * down) + line) * _width) + (x * across), across, column);
                // A quotient of whole numbers this small is never rounded up to the next whole one.
                var mean = box == 1 ? sum : whole ? Vector256.Floor((sum + rounding) / box) : sum / box;
                (mean - Vector256.Create(centre)).CopyTo(samples, (y * stride) + x);
            }
        }
        int all = samples.Length / stride;
        for (int y = lines; y < all; y++)
            samples.AsSpan((lines - 1) * stride, stride).CopyTo(samples.AsSpan(y * stride));
    }

    /// <summary>The last visible line of changes becomes the mean of itself and of its copies in the last block.</summary>
    private static void FoldLines(float[] changes, int stride, int visible)
    {
        int used = (visible + FloatDct.Side - 1) / FloatDct.Side * FloatDct.Side;
        var last = changes.AsSpan((visible - 1) * stride, stride);
        for (int x = 0; used > visible && x < stride; x++)
        {
            float sum = last[x];
            for (int y = visible; y < used; y++)
                sum += changes[(y * stride) + x];
            last[x] = sum / (used - visible + 1);
        }
    }

    /// <summary>A line of changes, one for each pixel of it.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private void Spread(int plane, float[] changes, int line, int width)
    {
        int across = AcrossOf(plane);
        var from = changes.AsSpan(line * (_width / across), _width / across);
        float[] to = _changes[plane];
        for (int x = 0; x < from.Length; x++)
            to.AsSpan(x * across, across).Fill(from[x]);
        int block = FloatDct.Side * across, used = (width + block - 1) / block * block;
        if (used == width)
            return;
        float sum = 0;
        for (int x = width - 1; x < used; x++)
            sum += to[x];
        to[width - 1] = sum / (used - width + 1);
    }

    private static (Vector256<float> Y, Vector256<float> Cb, Vector256<float> Cr) Ycc(
        Vector256<float> red, Vector256<float> green, Vector256<float> blue)
    {
        var (r, g, b) = (red * White, green * White, blue * White);
        var y = (r * 0.299f) + (g * 0.587f) + (b * 0.114f);
        return (y - Vector256.Create(Centre), (b - y) / 1.772f, (r - y) / 1.402f);
    }

    private static Vector256<float> Whole(Vector256<float> scaled) => Vector256.Floor(scaled * (1 / 65536f));

    private static Vector256<float> Held(Vector256<float> pixels) =>
        Vector256.ClampNative(pixels, Vector256.Create(-Beyond), Vector256.Create(1 + Beyond));

    /// <summary>Eight numbers, each <paramref name="across"/> from the one before.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector256<float> Every(float[] values, int start, int across, int column)
    {
        if (across == 1)
            return At(values, start);
        if (across == 2)
        {
            var order = Vector256.Create(0, 2, 4, 6, 1, 3, 5, 7);
            var (low, high) = (Vector256.Shuffle(At(values, start), order), Vector256.Shuffle(At(values, start + FloatDct.Side), order));
            return column == 0 ? Vector256.Create(low.GetLower(), high.GetLower()) : Vector256.Create(low.GetUpper(), high.GetUpper());
        }
        var all = values.AsSpan(start + column, (7 * across) + 1);
        return Vector256.Create(
            all[0], all[across], all[2 * across], all[3 * across], all[4 * across], all[5 * across], all[6 * across], all[7 * across]);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector256<float> At(float[] values, int index) => Vector256.Create(values.AsSpan(index, FloatDct.Side));
}
