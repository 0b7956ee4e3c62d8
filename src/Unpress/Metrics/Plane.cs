using System.Numerics;
using System.Runtime.InteropServices;
using Unpress.Imaging;

namespace Unpress.Metrics;

/// <summary>
/// One number per pixel, H×W, on the scale 0..255, produced a row at a time: a metric never holds a whole picture in
/// double precision.
/// </summary>
internal abstract class Plane(int width, int height)
{
    public int Width { get; } = width;

    public int Height { get; } = height;

    /// <summary>Writes row <paramref name="y"/> into the first <see cref="Width"/> places of <paramref name="row"/>.</summary>
    public abstract void ReadRow(int y, Span<double> row);
}

/// <summary>One colour band of a picture: gray, R, G or B.</summary>
internal sealed class BandPlane(ImageBuffer image, int band, bool rounded = false) : Plane(image.Width, image.Height)
{
    /// <summary>Every colour band of the picture as a plane, alpha left out.</summary>
    public static BandPlane[] AllOf(ImageBuffer image)
    {
        var planes = new BandPlane[image.ColourBands];
        for (int band = 0; band < planes.Length; band++)
            planes[band] = new BandPlane(image, band);
        return planes;
    }

    public override void ReadRow(int y, Span<double> row)
    {
        int bands = image.Bands, length = Width * bands;
        if (image.BitsPerSample == 8)
        {
            var samples = image.Data.AsSpan(y * length, length);
            for (int x = 0, i = band; x < Width; x++, i += bands)
                row[x] = samples[i];
            return;
        }
        var wide = image.Data16.Slice(y * length, length);
        for (int x = 0, i = band; x < Width; x++, i += bands)
            row[x] = wide[i] / 257.0;
        if (rounded)
            for (int x = 0; x < Width; x++)
                row[x] = Math.Floor(row[x] + 0.5);
    }
}

/// <summary>
/// A weighted sum of R, G and B in 0..255, perhaps rounded. The conventions are not interchangeable: PSNR on
/// <see cref="Studio"/> is 20·log10(255/219) = 1.32 dB above PSNR on <see cref="Yiq"/> for the same pair.
/// A gray picture is its own luma in every convention.
/// </summary>
internal sealed record Luma(double Red, double Green, double Blue, double Offset, bool Rounded)
{
    /// <summary>ITU-R BT.601 studio swing, 16..235: MATLAB's rgb2ycbcr before it rounds.</summary>
    public static Luma Studio { get; } = new(65.481 / 255, 128.553 / 255, 24.966 / 255, 16, Rounded: false);

    /// <summary><see cref="Studio"/> as MATLAB stores it, in whole numbers.</summary>
    public static Luma StudioUint8 { get; } = Studio with { Rounded = true };

    /// <summary>MATLAB's rgb2gray, full range, in whole numbers.</summary>
    public static Luma GrayUint8 { get; } = new(0.298936, 0.587043, 0.114021, 0, Rounded: true);

    /// <summary>The Y of YIQ and of JPEG, full range, not rounded.</summary>
    public static Luma Yiq { get; } = new(0.299, 0.587, 0.114, 0, Rounded: false);

    public double Of(double red, double green, double blue)
    {
        double value = Offset + (Red * red) + (Green * green) + (Blue * blue);
        // MATLAB rounds halves away from zero; luma is never negative.
        return Rounded ? Math.Floor(value + 0.5) : value;
    }

    public Plane Of(ImageBuffer image) =>
        image.Model == ColourModel.Gray ? new BandPlane(image, 0, Rounded) : new LumaPlane(image, this);
}

/// <summary>The luma of an RGB picture.</summary>
internal sealed class LumaPlane(ImageBuffer image, Luma luma) : Plane(image.Width, image.Height)
{
    public override void ReadRow(int y, Span<double> row)
    {
        int bands = image.Bands, length = Width * bands;
        if (image.BitsPerSample == 8)
        {
            var samples = image.Data.AsSpan(y * length, length);
            for (int x = 0, i = 0; x < Width; x++, i += bands)
                row[x] = luma.Of(samples[i], samples[i + 1], samples[i + 2]);
            return;
        }
        var wide = image.Data16.Slice(y * length, length);
        for (int x = 0, i = 0; x < Width; x++, i += bands)
            row[x] = luma.Of(wide[i] / 257.0, wide[i + 1] / 257.0, wide[i + 2] / 257.0);
    }
}

/// <summary>A plane in memory, H×W in row-major order.</summary>
internal sealed class Raster(int width, int height, double[] values)
{
    public Raster(int width, int height)
        : this(width, height, new double[width * height])
    {
    }

    public int Width => width;

    public int Height => height;

    public double[] Values => values;

    public Span<double> Row(int y) => values.AsSpan(y * width, width);

    public static Raster Of(Plane plane) => TopLeft(plane, plane.Width, plane.Height);

    /// <summary>The top-left part of a plane.</summary>
    public static Raster TopLeft(Plane plane, int width, int height) => Part(plane, 0, width, height);

    /// <summary>A plane without its border.</summary>
    public static Raster Inner(Plane plane, int border) => Part(plane, border, plane.Width - (2 * border), plane.Height - (2 * border));

    private static Raster Part(Plane plane, int start, int width, int height)
    {
        var raster = new Raster(width, height);
        var row = new double[plane.Width];
        for (int y = 0; y < height; y++)
        {
            plane.ReadRow(start + y, row);
            row.AsSpan(start, width).CopyTo(raster.Row(y));
        }

        return raster;
    }
}

/// <summary>Sums of squared differences, the arithmetic under PSNR and the blocking effect factor.</summary>
internal static class SquaredDifference
{
    /// <summary>Σ (a − b)² over two rows of one length.</summary>
    public static double Sum(ReadOnlySpan<double> a, ReadOnlySpan<double> b)
    {
        ArgumentOutOfRangeException.ThrowIfNotEqual(b.Length, a.Length);
        var va = MemoryMarshal.Cast<double, Vector<double>>(a);
        var vb = MemoryMarshal.Cast<double, Vector<double>>(b);
        var sums = Vector<double>.Zero;
        for (int i = 0; i < va.Length; i++)
        {
            var difference = va[i] - vb[i];
            sums += difference * difference;
        }
        double sum = Vector.Sum(sums);
        for (int i = va.Length * Vector<double>.Count; i < a.Length; i++)
            sum += (a[i] - b[i]) * (a[i] - b[i]);
        return sum;
    }

    /// <summary>Mean of (a − b)² over all pixels of all pairs of planes together.</summary>
    public static double Mean(ReadOnlySpan<Plane> reference, ReadOnlySpan<Plane> image)
    {
        int width = reference[0].Width, height = reference[0].Height;
        var a = new double[width];
        var b = new double[width];
        double sum = 0;
        for (int plane = 0; plane < reference.Length; plane++)
        {
            for (int y = 0; y < height; y++)
            {
                reference[plane].ReadRow(y, a);
                image[plane].ReadRow(y, b);
                sum += Sum(a, b);
            }
        }
        return sum / ((double)width * height * reference.Length);
    }

    /// <summary>Mean of (a − b)² over one plane.</summary>
    public static double Mean(Plane reference, Plane image) => Mean([reference], [image]);
}

/// <summary>A plane kept in memory: a level of a pyramid.</summary>
internal sealed class StoredPlane(int width, int height, double[] values) : Plane(width, height)
{
    public override void ReadRow(int y, Span<double> row) => values.AsSpan(y * Width, Width).CopyTo(row);

    /// <summary>
    /// Means of 2×2 pixels, ⌈H/2⌉×⌈W/2⌉. An odd last row or column is mirrored, as MATLAB's 'symmetric' filtering
    /// followed by decimation does.
    /// </summary>
    public static StoredPlane Halve(Plane source)
    {
        int width = (source.Width + 1) / 2, height = (source.Height + 1) / 2;
        var values = new double[width * height];
        var upper = new double[source.Width];
        var lower = new double[source.Width];
        for (int y = 0; y < height; y++)
        {
            source.ReadRow(2 * y, upper);
            source.ReadRow(Math.Min((2 * y) + 1, source.Height - 1), lower);
            for (int x = 0; x < width; x++)
            {
                int left = 2 * x, right = Math.Min(left + 1, source.Width - 1);
                values[(y * width) + x] = (upper[left] + upper[right] + lower[left] + lower[right]) / 4;
            }
        }
        return new StoredPlane(width, height, values);
    }
}
