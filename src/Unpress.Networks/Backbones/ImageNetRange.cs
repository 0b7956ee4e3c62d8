using Unpress.Torch;

namespace Unpress.Networks.Backbones;

/// <summary>Mean and deviation of ImageNet's colours, which torchvision's weights expect to be taken out.</summary>
public static class ImageNetRange
{
    private static readonly double[] Mean = [0.485, 0.456, 0.406];
    private static readonly double[] Deviation = [0.229, 0.224, 0.225];

    /// <summary>(x − mean) / deviation for each channel of [N, 3, H, W], 0..1.</summary>
    public static Tensor Apply(Tensor picture) => Apply(picture, Mean, Deviation);

    /// <summary>The same with the numbers of other training pictures.</summary>
    internal static Tensor Apply(Tensor picture, double[] mean, double[] deviation)
    {
        using var centre = Channels(mean, picture);
        using var spread = Channels(deviation, picture);
        using var centred = picture - centre;
        return centred / spread;
    }

    private static Tensor Channels(double[] numbers, Tensor like)
    {
        using var exact = Tensor.From(numbers, 1, 3, 1, 1);
        using var typed = exact.To(like.DType);
        return typed.To(like.Device);
    }
}
