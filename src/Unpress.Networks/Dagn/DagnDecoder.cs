using Unpress.Torch;
using Unpress.Torch.Nn;

namespace Unpress.Networks;

/// <summary>
/// The decoder of the auto-encoders of <see cref="Dagn"/>: "15 layers, 5 convolutions followed by alternating convolutions and transposed
/// convolutions". Our reading is the decoder of Taskonomy (Zamir et al., CVPR 2018), which the authors' encoder comes from; the encoder's
/// conv5 counts as the first of the 15. Batch norm and leaky ReLU 0.2 behind each but the last, which ends in tanh.
/// </summary>
public sealed class DagnDecoder : Layer
{
    private const double Slope = 0.2;

    private readonly Sequential _layers;

    /// <param name="width">Channels of the widest layer: 1024, a multiple of 64.</param>
    public DagnDecoder(int width)
    {
        if (width < 64 || width % 64 != 0)
            throw new ArgumentException($"decoderWidth {width}: a multiple of 64");
        var layers = new List<Layer>();
        long channels = DagnEncoder.Code;
        foreach (int part in new[] { 1, 1, 2, 4, 4, 8 })
            Block(Conv2d.Same(channels, width / part, 3, bias: false), width / part);
        foreach (var (grown, next) in new[] { (16, 16), (32, 32), (64, 32) })
        {
            Block(new ConvTranspose2d(channels, width / grown, 3, stride: 2, padding: 1, outputPadding: 1, bias: false), width / grown);
            Block(Conv2d.Same(channels, width / next, 3, bias: false), width / next);
        }

        Block(new ConvTranspose2d(channels, width / 64, 3, stride: 2, padding: 1, outputPadding: 1, bias: false), width / 64);
        layers.Add(Conv2d.Same(channels, 3, 3));
        _layers = Add("layers", new Sequential([.. layers]));
        foreach (var weight in _layers.Parameters().Where(parameter => parameter.Rank == 4))
            Init.KaimingNormal(weight, Slope);

        void Block(Layer layer, long outChannels)
        {
            layers.AddRange([layer, new BatchNorm2d(outChannels), new LeakyRelu(Slope)]);
            channels = outChannels;
        }
    }

    /// <summary>[N, 8, h, w] to RGB, [N, 3, 16h, 16w], 0..1: the tanh's −1..1, moved.</summary>
    public override Tensor Forward(Tensor input)
    {
        using var scope = TensorScope.Enter();
        return scope.Keep((_layers.Forward(input).Tanh() + 1) / 2);
    }
}
