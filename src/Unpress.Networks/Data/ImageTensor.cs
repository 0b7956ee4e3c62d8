using Unpress.Imaging;
using Unpress.Torch;

namespace Unpress.Data;

/// <summary>Pixels and tensors: [1, bands, H, W] float32 on the CPU, 0..1, made and read as <see cref="PlanePixels"/> makes and reads planes.</summary>
public static class ImageTensor
{
    /// <summary>The chosen bands of one area as a tensor; only that area is ever held as float.</summary>
    /// <param name="inverted">Read ink as light: 1 − v, for CMYK.</param>
    public static Tensor Read(ImageBuffer image, PixelArea area, int firstBand, int bands, bool inverted = false)
    {
        var tensor = Tensor.Empty([1, bands, area.Height, area.Width]);
        PlanePixels.Read(image, area, firstBand, bands, inverted, tensor.Memory<float>());
        return tensor;
    }

    /// <summary>All colour bands of the whole picture, without alpha.</summary>
    public static Tensor Read(ImageBuffer image) => Read(image, PixelArea.Of(image), 0, image.ColourBands);

    /// <summary>
    /// Writes a tensor into the bands of one area, as
    /// <see cref="PlanePixels.Write(Planes, ValueTuple{int, int}, ImageBuffer, PixelArea, int, bool)"/> writes planes.
    /// </summary>
    public static void Write(Tensor tensor, ImageBuffer image, PixelArea area, int firstBand, bool inverted = false)
    {
        var shape = tensor.Shape;
        if (shape.Length != 4 || shape[0] != 1 || shape[2] != area.Height || shape[3] != area.Width)
            throw new ArgumentException($"expected [1, bands, {area.Height}, {area.Width}], got [{string.Join(", ", shape)}]", nameof(tensor));
        using var contiguous = tensor.Contiguous();
        PlanePixels.Write(contiguous.Memory<float>(), (int)shape[1], (area.Width, area.Height), (0, 0), image, area, firstBand, inverted);
    }
}
