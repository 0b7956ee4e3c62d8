using Unpress.Data;
using Unpress.Imaging;
using Unpress.Torch;

namespace Unpress.Metrics;

/// <summary>Pictures as networks that judge them take them.</summary>
internal static class MetricTensor
{
    /// <summary>[1, 3, H, W], 0..1; a gray picture three times, alpha left out.</summary>
    public static Tensor Rgb(ImageBuffer image)
    {
        var picture = ImageTensor.Read(image);
        return image.Model == ColourModel.Gray ? Tensor.Cat([picture, picture, picture], 1) : picture;
    }
}
