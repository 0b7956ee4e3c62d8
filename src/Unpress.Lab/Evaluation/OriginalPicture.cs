using Unpress.Imaging;

namespace Unpress.Evaluation;

/// <summary>
/// The gray picture that papers on gray JPEG start from: round(16 + (65.481 R + 128.553 G + 24.966 B)/255), the luma of
/// BT.601 in studio swing, levels 16..235.
/// </summary>
public static class StudioGray
{
    /// <summary>H×W gray, 8 bits, from 8-bit RGB; a gray picture is returned as it is.</summary>
    public static ImageBuffer From(ImageBuffer image)
    {
        ArgumentNullException.ThrowIfNull(image);
        if (image.Model == ColourModel.Gray)
            return image;
        if (image.Model != ColourModel.Rgb || image.BitsPerSample != 8)
            throw new ArgumentException("studio luma is made from 8-bit RGB", nameof(image));
        var gray = new ImageBuffer(image.Width, image.Height, ColourModel.Gray);
        var from = image.Data;
        for (int i = 0, j = 0; i < gray.Data.Length; i++, j += image.Bands)
        {
            double luma = 16 + (((65.481 * from[j]) + (128.553 * from[j + 1]) + (24.966 * from[j + 2])) / 255);
            gray.Data[i] = (byte)(luma + 0.5);
        }
        return gray;
    }
}

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
