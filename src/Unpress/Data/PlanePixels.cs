using System.Numerics;
using Unpress.Imaging;

namespace Unpress.Data;

/// <summary>
/// The one place where pixels become numbers and numbers pixels. Planes hold 0..1, bands in the picture's own order (R, G, B). Samples are
/// divided by 255 or 65535; on the way back they are clamped to 0..1 and rounded to the nearest sample, halves to even, as numpy and libtorch
/// round. Reading what was written gives the same samples at both depths.
/// </summary>
public static class PlanePixels
{
    /// <summary>The chosen bands of one area; only that area is ever held as float.</summary>
    /// <param name="inverted">Read ink as light: 1 − v, for CMYK.</param>
    public static Planes Read(ImageBuffer image, PixelArea area, int firstBand, int bands, bool inverted = false)
    {
        var planes = new Planes(bands, area.Height, area.Width);
        Read(image, area, firstBand, bands, inverted, planes.Values);
        return planes;
    }

    /// <summary>All colour bands of the whole picture, without alpha.</summary>
    public static Planes Read(ImageBuffer image) => Read(image, PixelArea.Of(image), 0, image.ColourBands);

    /// <summary>Into [bands, height, width] of the caller's.</summary>
    public static void Read(ImageBuffer image, PixelArea area, int firstBand, int bands, bool inverted, Span<float> planes)
    {
        Check(image, area, firstBand, bands);
        if (planes.Length != bands * area.Pixels)
            throw new ArgumentException($"{planes.Length} values for {bands} bands of {area.Width}x{area.Height}", nameof(planes));
        if (image.BitsPerSample == 8)
            ReadRows<byte>(image.Data, image, area, firstBand, planes, bands, inverted);
        else
            ReadRows<ushort>(image.Data16, image, area, firstBand, planes, bands, inverted);
    }

    /// <summary>
    /// Writes planes into the bands of one area. Other bands stay as they are, and so does the colour of wholly transparent pixels: nobody sees
    /// it, and programs that keep something there get it back.
    /// </summary>
    /// <param name="planes">[bands, H, W], at least as large as the area.</param>
    /// <param name="offset">Where in the planes the area begins.</param>
    public static void Write(Planes planes, (int X, int Y) offset, ImageBuffer image, PixelArea area, int firstBand, bool inverted = false)
        => Write(planes.Values, planes.Bands, (planes.Width, planes.Height), offset, image, area, firstBand, inverted);

    /// <summary>From [bands, height, width] of the caller's.</summary>
    public static void Write(
        ReadOnlySpan<float> planes, int bands, (int Width, int Height) size, (int X, int Y) offset,
        ImageBuffer image, PixelArea area, int firstBand, bool inverted = false)
    {
        Check(image, area, firstBand, bands);
        bool inside = offset.X >= 0 && offset.Y >= 0 && offset.X + area.Width <= size.Width && offset.Y + area.Height <= size.Height;
        if (!inside || planes.Length != (long)bands * size.Width * size.Height)
            throw new ArgumentException($"{area} at {offset} is not inside {bands} planes of {size.Width}x{size.Height}", nameof(planes));
        if (image.BitsPerSample == 8)
            WriteRows<byte>(planes, bands, size, offset, image.Data, image, area, firstBand, inverted);
        else
            WriteRows<ushort>(planes, bands, size, offset, image.Data16, image, area, firstBand, inverted);
    }

    private static void Check(ImageBuffer image, PixelArea area, int firstBand, int bands)
    {
        if (area.X < 0 || area.Y < 0 || area.Width < 1 || area.Height < 1 || area.Right > image.Width || area.Bottom > image.Height)
            throw new ArgumentException($"{area} is not inside a picture of {image.Width}x{image.Height}", nameof(area));
        if (firstBand < 0 || bands < 1 || firstBand + bands > image.Bands)
            throw new ArgumentException($"bands {firstBand} to {firstBand + bands - 1} of a picture with {image.Bands}", nameof(bands));
    }

    private static void ReadRows<T>(
        ReadOnlySpan<T> samples, ImageBuffer image, PixelArea area, int firstBand, Span<float> planes, int bands, bool inverted)
        where T : unmanaged, INumberBase<T>
    {
        float factor = 1f / image.MaxValue;
        (float offset, factor) = inverted ? (1f, -factor) : (0f, factor);
        int step = image.Bands, plane = area.Width * area.Height;
        for (int y = 0; y < area.Height; y++)
        {
            var row = samples.Slice(RowStart(image, area, y), area.Width * step);
            for (int band = 0; band < bands; band++)
            {
                var line = planes.Slice((band * plane) + (y * area.Width), area.Width);
                for (int x = 0, from = firstBand + band; x < line.Length; x++, from += step)
                    line[x] = offset + (factor * float.CreateTruncating(row[from]));
            }
        }
    }

    private static void WriteRows<T>(
        ReadOnlySpan<float> planes, int bands, (int Width, int Height) size, (int X, int Y) start,
        Span<T> samples, ImageBuffer image, PixelArea area, int firstBand, bool inverted)
        where T : unmanaged, INumberBase<T>
    {
        float max = image.MaxValue;
        (float offset, float factor) = inverted ? (max, -max) : (0f, max);
        int step = image.Bands, plane = size.Width * size.Height;
        int alpha = image.HasAlpha ? step - 1 : -1;
        for (int y = 0; y < area.Height; y++)
        {
            var row = samples.Slice(RowStart(image, area, y), area.Width * step);
            for (int band = 0; band < bands; band++)
            {
                var line = planes.Slice((band * plane) + ((start.Y + y) * size.Width) + start.X, area.Width);
                for (int x = 0, pixel = 0; x < line.Length; x++, pixel += step)
                {
                    if (alpha >= 0 && T.IsZero(row[pixel + alpha]))
                        continue;
                    float value = MathF.Round(offset + (factor * line[x]), MidpointRounding.ToEven);
                    row[pixel + firstBand + band] = T.CreateTruncating(Math.Min(Math.Max(value, 0f), max));
                }
            }
        }
    }

    private static int RowStart(ImageBuffer image, PixelArea area, int y)
        => checked((int)((((long)(area.Y + y) * image.Width) + area.X) * image.Bands));
}

/// <summary>A rectangle of a picture, in pixels.</summary>
public readonly record struct PixelArea(int X, int Y, int Width, int Height)
{
    public int Right => X + Width;

    public int Bottom => Y + Height;

    public long Pixels => (long)Width * Height;

    public static PixelArea Of(ImageBuffer image) => Of(image.Width, image.Height);

    public static PixelArea Of(int width, int height) => new(0, 0, width, height);
}
