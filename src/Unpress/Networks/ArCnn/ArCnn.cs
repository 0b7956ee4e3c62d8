using Unpress.Torch;
using Unpress.Torch.Nn;

namespace Unpress.Networks;

/// <summary>
/// AR-CNN: Dong, Deng, Loy, Tang, "Compression Artifacts Reduction by a Deep Convolutional Network", ICCV 2015.
/// Feature extraction 9×9, enhancement 7×7, mapping 1×1, reconstruction 5×5, with ReLU. The paper predicts the picture itself;
/// with <see cref="ArCnnOptions.Residual"/> the input is added, as PowerQE does. Names as in PowerQE: layers.0, 2, 4, 6.
/// </summary>
public sealed class ArCnn : Network
{
    private readonly Sequential _layers;
    private readonly bool _residual;

    public ArCnn(ArCnnOptions options)
        : base(new NetworkFacts(options.Channels, Reach: 4 + 3 + 0 + 2))
    {
        _residual = options.Residual;
        _layers = Add("layers", new Sequential(
            Conv2d.Same(options.Channels, 64, 9), new Relu(),
            Conv2d.Same(64, 32, 7), new Relu(),
            Conv2d.Same(32, 16, 1), new Relu(),
            Conv2d.Same(16, options.Channels, 5)));
    }

    public static NetworkEntry Entry { get; } = NetworkEntry.Of<ArCnnOptions>(
        "arcnn", "AR-CNN: four convolutions, the first network for JPEG artifacts", "Dong et al., ICCV 2015", options => new ArCnn(options));

    protected override Tensor Restore(Tensor input, Conditions conditions)
    {
        var output = _layers.Forward(input);
        return _residual ? input + output : output;
    }
}
