using Unpress.Imaging;

namespace Unpress.Data;

/// <summary>A rectangle of a picture, in pixels.</summary>
public readonly record struct PixelArea(int X, int Y, int Width, int Height)
{
    public int Right => X + Width;

    public int Bottom => Y + Height;

    public long Pixels => (long)Width * Height;

    public static PixelArea Of(ImageBuffer image) => Of(image.Width, image.Height);

    public static PixelArea Of(int width, int height) => new(0, 0, width, height);
}
