using Unpress.Imaging;

namespace Unpress.Tests.Inference;

/// <summary>Pictures of seeded noise in every layout.</summary>
internal static class InferencePictures
{
    public static ImageBuffer Noise(int width, int height, ColourModel model, bool alpha = false, int bits = 8, int seed = 1)
    {
        var image = new ImageBuffer(width, height, model, alpha, bits);
        new Random(seed).NextBytes(image.Data);
        return image;
    }

    public static int LargestDifference(ImageBuffer a, ImageBuffer b)
        => a.Data.Zip(b.Data, (x, y) => Math.Abs(x - y)).Max();
}
