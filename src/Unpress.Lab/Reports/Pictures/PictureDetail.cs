using Unpress.Imaging;
using Unpress.Imaging.Formats;
using Unpress.Imaging.Metadata;

namespace Unpress.Lab.Reports.Pictures;

/// <summary>The part of a picture that a report shows: the whole would make the page too large.</summary>
internal readonly record struct PictureDetail(int X, int Y, int Width, int Height)
{
    /// <summary>The square of this edge, on the 8×8 grid of the codecs, where compression did most damage; the whole of a picture that is no larger.</summary>
    /// <param name="compressed">Same size and layout as the original.</param>
    public static PictureDetail Worst(ImageBuffer original, ImageBuffer compressed, int edge)
    {
        int width = Math.Min(edge, original.Width), height = Math.Min(edge, original.Height);
        var best = new PictureDetail(0, 0, width, height);
        if (original.Data.Length != compressed.Data.Length)
            return best;
        long most = -1;
        int step = Math.Max(8, edge / 4 / 8 * 8);
        for (int y = 0; y + height <= original.Height; y += step)
        {
            for (int x = 0; x + width <= original.Width; x += step)
            {
                var here = new PictureDetail(x, y, width, height);
                long damage = here.Difference(original, compressed);
                if (damage > most)
                    (most, best) = (damage, here);
            }
        }

        return best;
    }

    /// <summary>This part alone, as WebP without loss, which takes a quarter less than PNG; the colour profile is kept.</summary>
    public byte[] WebP(ImageBuffer image) =>
        ImageFile.Encode(Part(image), new SaveOptions { Format = ImageFormat.Webp, Metadata = MetadataPolicy.None });

    /// <summary>This part alone.</summary>
    public ImageBuffer Part(ImageBuffer image)
    {
        int pixel = image.Bands * (image.BitsPerSample / 8), row = Width * pixel;
        byte[] data = new byte[row * Height];
        for (int y = 0; y < Height; y++)
            image.Data.AsSpan((((Y + y) * image.Width) + X) * pixel, row).CopyTo(data.AsSpan(y * row));
        return new ImageBuffer(Width, Height, image.Model, image.HasAlpha, image.BitsPerSample, data) { Metadata = image.Metadata };
    }

    /// <summary>Every other row is enough to find the worst place.</summary>
    private long Difference(ImageBuffer a, ImageBuffer b)
    {
        int pixel = a.Bands * (a.BitsPerSample / 8);
        long sum = 0;
        for (int y = 0; y < Height; y += 2)
        {
            int start = (((Y + y) * a.Width) + X) * pixel;
            var left = a.Data.AsSpan(start, Width * pixel);
            var right = b.Data.AsSpan(start, Width * pixel);
            for (int i = 0; i < left.Length; i++)
                sum += Math.Abs(left[i] - right[i]);
        }

        return sum;
    }
}
