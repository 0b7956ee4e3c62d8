using Unpress.Files;
using Unpress.Imaging;

namespace Unpress.Training.Logging;

/// <summary>
/// What the network makes of the middle of one picture, from validation to validation: PNG files that show what figures do not. Named by the step
/// and by what the picture was compressed with, 000005000-qf20.png, beside before-qf20.png and original.png.
/// </summary>
/// <param name="folder">Made when there is something to write.</param>
internal sealed class SampleFolder(string folder)
{
    /// <summary>Pixels a side at most, a multiple of every codec's blocks.</summary>
    private const int Side = 256;

    public void Keep(long step, string setting, ImageBuffer raw, ImageBuffer compressed, ImageBuffer enhanced)
    {
        Write("original", raw, always: false);
        Write($"before-{setting}", compressed, always: false);
        Write(FormattableString.Invariant($"{step:D9}-{setting}"), enhanced, always: true);
    }

    private void Write(string name, ImageBuffer image, bool always)
    {
        string path = Path.Combine(folder, name + ".png");
        if (!always && File.Exists(path))
            return;
        Directory.CreateDirectory(folder);
        ImageFile.Save(Middle(image), path);
    }

    private static ImageBuffer Middle(ImageBuffer image)
    {
        int width = Math.Min(Side, image.Width), height = Math.Min(Side, image.Height);
        int left = (image.Width - width) / 2, top = (image.Height - height) / 2;
        var part = new ImageBuffer(width, height, image.Model, image.HasAlpha, image.BitsPerSample);
        int pixel = image.Data.Length / (image.Width * image.Height);
        for (int y = 0; y < height; y++)
        {
            image.Data.AsSpan((((top + y) * image.Width) + left) * pixel, width * pixel).CopyTo(part.Data.AsSpan(y * width * pixel));
        }

        return part;
    }
}
