using System.Numerics;
using Unpress.Imaging;
using Unpress.Torch;

namespace Unpress.Data;

/// <summary>
/// The one place where pixels become numbers and numbers pixels. A tensor is [1, bands, H, W] float32 on the CPU, 0..1, bands in the
/// picture's own order (R, G, B). Samples are divided by 255 or 65535; on the way back they are clamped to 0..1 and rounded to the
/// nearest sample, halves to even, as numpy and libtorch round. Reading what was written gives the same samples at both depths.
/// </summary>
public static class ImageTensor
{
    /// <summary>The chosen bands of one area as a tensor; only that area is ever held as float.</summary>
    /// <param name="inverted">Read ink as light: 1 − v, for CMYK.</param>
    public static Tensor Read(ImageBuffer image, PixelArea area, int firstBand, int bands, bool inverted = false)
    {
        Check(image, area, firstBand, bands);
        var tensor = Tensor.Empty([1, bands, area.Height, area.Width]);
        if (image.BitsPerSample == 8)
            ReadRows<byte>(image.Data, image, area, firstBand, tensor.Memory<float>(), bands, inverted);
        else
            ReadRows<ushort>(image.Data16, image, area, firstBand, tensor.Memory<float>(), bands, inverted);
        return tensor;
    }

    /// <summary>All colour bands of the whole picture, without alpha.</summary>
    public static Tensor Read(ImageBuffer image) => Read(image, PixelArea.Of(image), 0, image.ColourBands);

    /// <summary>
    /// Writes a tensor into the bands of one area. Other bands stay as they are, and so does the colour of wholly transparent pixels:
    /// nobody sees it, and programs that keep something there get it back.
    /// </summary>
    public static void Write(Tensor tensor, ImageBuffer image, PixelArea area, int firstBand, bool inverted = false)
    {
        var shape = tensor.Shape;
        if (shape.Length != 4 || shape[0] != 1 || shape[2] != area.Height || shape[3] != area.Width)
            throw new ArgumentException($"expected [1, bands, {area.Height}, {area.Width}], got [{string.Join(", ", shape)}]", nameof(tensor));
        int bands = (int)shape[1];
        Check(image, area, firstBand, bands);
        using var contiguous = tensor.Contiguous();
        if (image.BitsPerSample == 8)
            WriteRows<byte>(contiguous.Memory<float>(), image.Data, image, area, firstBand, bands, inverted);
        else
            WriteRows<ushort>(contiguous.Memory<float>(), image.Data16, image, area, firstBand, bands, inverted);
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
        ReadOnlySpan<float> planes, Span<T> samples, ImageBuffer image, PixelArea area, int firstBand, int bands, bool inverted)
        where T : unmanaged, INumberBase<T>
    {
        float max = image.MaxValue;
        (float offset, float factor) = inverted ? (max, -max) : (0f, max);
        int step = image.Bands, plane = area.Width * area.Height;
        int alpha = image.HasAlpha ? step - 1 : -1;
        for (int y = 0; y < area.Height; y++)
        {
            var row = samples.Slice(RowStart(image, area, y), area.Width * step);
            for (int band = 0; band < bands; band++)
            {
                var line = planes.Slice((band * plane) + (y * area.Width), area.Width);
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
