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
        : base(new NetworkFacts(options.Channels, ReceptiveField: 4 + 3 + 0 + 2))
    {
        options.Validate();
        var (extracted, enhanced, mapped) = (options.Widths[0], options.Widths[1], options.Widths[2]);
        _residual = options.Residual;
        _layers = Add("layers", new Sequential(
            Conv2d.Same(options.Channels, extracted, 9), Activation(options),
            Conv2d.Same(extracted, enhanced, 7), Activation(options),
            Conv2d.Same(enhanced, mapped, 1), Activation(options),
            Conv2d.Same(mapped, options.Channels, 5)));
    }

    public static NetworkEntry Entry { get; } = NetworkEntry.Of<ArCnnOptions>(
        "arcnn", "AR-CNN: four convolutions, the first network for JPEG artifacts", "Dong et al., ICCV 2015", options => new ArCnn(options)) with
    {
        // As in yjn870/ARCNN-pytorch.
        OurName = (name, _) => name.StartsWith("base.", StringComparison.Ordinal) ? "layers." + name[5..]
            : name.StartsWith("last.", StringComparison.Ordinal) ? "layers.6." + name[5..] : name,
    };

    protected override Tensor Restore(Tensor input, Conditions conditions)
    {
        var output = _layers.Forward(input);
        return _residual ? input + output : output;
    }

    private static Layer Activation(ArCnnOptions options) => options.PRelu ? new PRelu() : new Relu();
}

/// <summary>
/// Options of <see cref="ArCnn"/>. The defaults are the paper's. PowerQE: channels 3, residual. yjn870/ARCNN-pytorch: channels 3, pRelu.
/// </summary>
public sealed record ArCnnOptions
{
    /// <summary>1 (luma, as published) or 3 (RGB).</summary>
    public int Channels { get; init; } = 1;

    /// <summary>Channels after the first, second and third convolution.</summary>
    public int[] Widths { get; init; } = [64, 32, 16];

    /// <summary>Add the input to the output, as PowerQE does; off as published.</summary>
    public bool Residual { get; init; }

    /// <summary>PReLU, one slope each, instead of ReLU.</summary>
    public bool PRelu { get; init; }

    /// <exception cref="ArgumentException">An option is out of range; the message says which.</exception>
    public void Validate()
    {
        Require.Channels(Channels);
        Require.Widths(Widths, 3);
    }
}
