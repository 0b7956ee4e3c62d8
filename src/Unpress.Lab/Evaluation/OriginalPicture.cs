using Unpress.Imaging;

namespace Unpress.Evaluation;

/// <summary>The undamaged pictures that experiments start from.</summary>
internal static class OriginalPicture
{
    /// <param name="gray">Turn it into <see cref="StudioGray"/>.</param>
    /// <exception cref="InvalidFileException">Not readable, or not 8-bit gray or RGB without alpha.</exception>
    public static ImageBuffer Load(string file, bool gray)
    {
        var original = ImageFile.Load(file);
        if (original.BitsPerSample != 8 || original.HasAlpha || original.Model == ColourModel.Cmyk)
            throw new InvalidFileException(file, "an original must be 8-bit gray or RGB without alpha");
        return gray ? StudioGray.From(original) : original;
    }
}
