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
    public static InputPicture Of(ImageBuffer image, ModelInput how)
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

    private static PixelArea Place(ImageBuffer image, ModelInput how, int width, int height)
    {
        if (how.Size is not { } size || how.Fit == InputFit.Stretch)
            return new PixelArea(0, 0, width, height);
        double scale = Math.Min((double)size / image.Width, (double)size / image.Height);
        int across = Math.Max(1, (int)Math.Round(image.Width * scale)), down = Math.Max(1, (int)Math.Round(image.Height * scale));
        return new PixelArea((size - across) / 2, (size - down) / 2, across, down);
    }

    private static float[] Placed(float[] planes, int bands, ModelInput how, PixelArea content, int width, int height)
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
