using Unpress.Networks.Backbones;
using Unpress.Torch;
using Unpress.Torch.Nn;

namespace Unpress.Networks;

/// <summary>
/// The encoder of both auto-encoders of <see cref="Dagn"/>: ResNet-50 whose last stage keeps the resolution, so that its features stand at a
/// sixteenth, with a 3×3 convolution to 8 channels (conv5, bn5) behind them for the decoder. It takes RGB 0..1 as it is.
/// Names are torchvision's, as in the authors' is_encoder.pth and se_encoder.pth.
/// </summary>
public sealed class DagnEncoder : ResNet50
{
    /// <summary>Channels that the decoder gets.</summary>
    public const int Code = 8;

    private readonly Conv2d _conv5;
    private readonly BatchNorm2d _bn5;

    /// <param name="width">Channels after the first convolution.</param>
    /// <param name="blocks">Bottlenecks in the four stages.</param>
    public DagnEncoder(int width, int[] blocks)
        : base(new ResNet50Options { Width = width, Blocks = blocks, LastStride = 1, Normalise = false })
    {
        _conv5 = Add("conv5", Conv2d.Same(FeaturesOf(width), Code, 3, bias: false));
        _bn5 = Add("bn5", new BatchNorm2d(Code));
        foreach (var weight in Parameters().Where(parameter => parameter.Rank == 4))
            Init.KaimingNormal(weight);
    }

    /// <summary>Channels of the features.</summary>
    public static int FeaturesOf(int width) => 32 * width;

    /// <summary>[N, 3, H, W], multiples of 16, to the features, [N, 2048, H/16, W/16].</summary>
    public Tensor Encode(Tensor picture) => Features(picture, "layer4")["layer4"];

    /// <summary>Features to what the decoder gets, [N, 8, H/16, W/16].</summary>
    public Tensor Compress(Tensor features)
    {
        using var scope = TensorScope.Enter();
        return scope.Keep(Functional.Relu(_bn5.Forward(_conv5.Forward(features))));
    }

    /// <summary>No gradients for what only the decoder needs.</summary>
    internal void FreezeCode()
    {
        foreach (var parameter in _conv5.Parameters().Concat(_bn5.Parameters()))
            parameter.RequiresGrad = false;
    }
}
