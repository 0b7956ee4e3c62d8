using Unpress.Data;
using Unpress.Imaging;

namespace Unpress.Vision;

/// <summary>A picture as a model takes it, and the way back.</summary>
/// <param name="Values">1×3×<paramref name="Height"/>×<paramref name="Width"/>.</param>
/// <param name="Content">Where in it the picture lies.</param>
/// <param name="ScaleX">Input pixels to one of the picture.</param>
/// <param name="ScaleY">Input pixels to one of the picture.</param>
internal sealed record InputPicture(float[] Values, int Width, int Height, PixelArea Content, double ScaleX, double ScaleY)
{
    private const double MaxSample = 255;

    /// <param name="image">Gray or RGB, any depth; alpha is left out.</param>
    public static InputPicture Of(ImageBuffer image, VisionInput how)
    {
        if (image.Model == ColourModel.Cmyk)
            throw new InvalidDataException("CMYK pictures cannot be looked at; convert it to RGB first");
        int width = how.Size ?? image.Width, height = how.Size ?? image.Height;
        var content = Place(image, how, width, height);
        using var read = PlanePixels.Read(image);
        float[] planes = content.Width == image.Width && content.Height == image.Height
            ? read.Values.ToArray()
            : Bilinear.Resize(read.Values, (image.Height, image.Width), (content.Height, content.Width));
        return new InputPicture(
            Placed(planes, image.ColourBands, how, content, width, height),
            width, height, content, content.Width / (double)image.Width, content.Height / (double)image.Height);
    }

    /// <summary>A box in input pixels as one in the picture's, cut off at its edges.</summary>
    public Box Back(Box box)
    {
        double X(double x) => Math.Clamp((x - Content.X) / ScaleX, 0, Content.Width / ScaleX);
        double Y(double y) => Math.Clamp((y - Content.Y) / ScaleY, 0, Content.Height / ScaleY);
        return new Box(X(box.Left), Y(box.Top), X(box.Right), Y(box.Bottom));
    }

    private static PixelArea Place(ImageBuffer image, VisionInput how, int width, int height)
    {
        if (how.Size is not { } size || how.Fit == InputFit.Stretch)
            return new PixelArea(0, 0, width, height);
        double scale = Math.Min((double)size / image.Width, (double)size / image.Height);
        int across = Math.Max(1, (int)Math.Round(image.Width * scale)), down = Math.Max(1, (int)Math.Round(image.Height * scale));
        return new PixelArea((size - across) / 2, (size - down) / 2, across, down);
    }

    private static float[] Placed(float[] planes, int bands, VisionInput how, PixelArea content, int width, int height)
    {
        var values = new float[3 * width * height];
        for (int band = 0; band < 3; band++)
        {
            double mean = how.Mean[band], deviation = how.Deviation[band];
            int from = bands == 1 ? 0 : how.Bgr ? 2 - band : band; // gray is all three
            var plane = values.AsSpan(band * width * height, width * height);
            plane.Fill((float)((how.Fill - mean) / deviation));
            for (int y = 0; y < content.Height; y++)
            {
                var row = planes.AsSpan(((from * content.Height) + y) * content.Width, content.Width);
                var to = plane.Slice(((content.Y + y) * width) + content.X, content.Width);
                for (int x = 0; x < row.Length; x++)
                    to[x] = (float)(((row[x] * MaxSample) - mean) / deviation);
            }
        }

        return values;
    }
}

/// <summary>How a picture becomes a square.</summary>
public enum InputFit
{
    /// <summary>Scaled to fit, in the middle, the rest filled.</summary>
    Letterbox,

    /// <summary>Each side scaled by itself.</summary>
    Stretch,
}

/// <summary>
/// Planes brought to another size as detectors and segmenters are trained with: bilinear, the outer edges of both sizes on each other, without a filter
/// against aliasing (align_corners = false of libtorch's <c>interpolate</c>, INTER_LINEAR of OpenCV).
/// </summary>
internal static class Bilinear
{
    /// <param name="planes">[planes, height, width].</param>
    /// <returns>[planes, newHeight, newWidth].</returns>
    public static float[] Resize(ReadOnlySpan<float> planes, (int Height, int Width) size, (int Height, int Width) wanted)
    {
        int count = planes.Length / (size.Height * size.Width);
        var resized = new float[count * wanted.Height * wanted.Width];
        var rows = Places(size.Height, wanted.Height);
        var columns = Places(size.Width, wanted.Width);
        for (int plane = 0; plane < count; plane++)
        {
            var from = planes.Slice(plane * size.Height * size.Width, size.Height * size.Width);
            var to = resized.AsSpan(plane * wanted.Height * wanted.Width, wanted.Height * wanted.Width);
            for (int y = 0; y < wanted.Height; y++)
            {
                var (above, below, down) = rows[y];
                var upper = from.Slice(above * size.Width, size.Width);
                var lower = from.Slice(below * size.Width, size.Width);
                var row = to.Slice(y * wanted.Width, wanted.Width);
                for (int x = 0; x < row.Length; x++)
                {
                    var (left, right, across) = columns[x];
                    float top = upper[left] + (across * (upper[right] - upper[left]));
                    float bottom = lower[left] + (across * (lower[right] - lower[left]));
                    row[x] = top + (down * (bottom - top));
                }
            }
        }

        return resized;
    }

    /// <summary>For each new place the two old ones it lies between, and how near it is to the second.</summary>
    private static (int First, int Second, float Share)[] Places(int size, int wanted)
    {
        var places = new (int, int, float)[wanted];
        float scale = (float)size / wanted;
        for (int k = 0; k < wanted; k++)
        {
            float place = Math.Max(0, ((k + 0.5f) * scale) - 0.5f);
            int first = Math.Min((int)place, size - 1);
            places[k] = (first, Math.Min(first + 1, size - 1), place - first);
        }

        return places;
    }
}
