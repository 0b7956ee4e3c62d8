using Unpress.Torch;
using Unpress.Torch.Nn;

namespace Unpress.Networks;

/// <summary>
/// DnCNN: Zhang, Zuo, Chen, Meng, Zhang, "Beyond a Gaussian Denoiser: Residual Learning of Deep CNN for Image Denoising", TIP 2017.
/// A chain of 3×3 convolutions that predicts the damage. Names as in KAIR's released weights: model.0, model.2, … (with batch norm the
/// inner layers take three places). Batch norm has ε = 1e-4, momentum 0.05 (0.95 in the authors' convention).
/// </summary>
public sealed class DnCnn : Network
{
    private readonly Sequential _model;
    private readonly bool _subtract;

    public DnCnn(DnCnnOptions options)
        : base(new NetworkFacts(options.Channels, ReceptiveField: options.Depth))
    {
        options.Validate();
        _subtract = options.Subtract;
        var layers = new List<Layer> { Conv2d.Same(options.Channels, options.Width, 3), new Relu() };
        for (int k = 2; k < options.Depth; k++)
        {
            layers.Add(Conv2d.Same(options.Width, options.Width, 3, bias: !options.BatchNorm));
            if (options.BatchNorm)
                layers.Add(new BatchNorm2d(options.Width, momentum: 0.05, epsilon: 1e-4));
            layers.Add(new Relu());
        }

        layers.Add(Conv2d.Same(options.Width, options.Channels, 3));
        _model = Add("model", new Sequential([.. layers]));
    }

    public static NetworkEntry Entry { get; } = NetworkEntry.Of<DnCnnOptions>(
        "dncnn", "DnCNN: a chain of 3×3 convolutions that predicts the damage", "Zhang et al., TIP 2017", options => new DnCnn(options)) with
    {
        Licence = "KAIR's weights: MIT",
        // As in PowerQE, whose network adds what it finds: with the other sign its weights would fit and do harm.
        OurName = (name, options) => name.StartsWith("layers.", StringComparison.Ordinal) && !options["subtract"]!.GetValue<bool>()
            ? "model." + name[7..] : name,
    };

    protected override Tensor Restore(Tensor input, Conditions conditions)
    {
        var damage = _model.Forward(input);
        return _subtract ? input - damage : input + damage;
    }
}

/// <summary>
/// Options of <see cref="DnCnn"/>. The blind DnCNN-3 of the paper is 20 layers, gray, without batch norm in its released weights. PowerQE:
/// channels 3, depth 17, subtract false (557,443 parameters; with batchNorm 558,403).
/// </summary>
public sealed record DnCnnOptions
{
    /// <summary>1 (luma) or 3 (RGB).</summary>
    public int Channels { get; init; } = 1;

    /// <summary>Convolutions in all: 17 for a known level, 20 for the blind model.</summary>
    public int Depth { get; init; } = 20;

    /// <summary>Channels inside.</summary>
    public int Width { get; init; } = 64;

    /// <summary>Batch normalisation between convolution and ReLU in the inner layers, as published for training.</summary>
    public bool BatchNorm { get; init; }

    /// <summary>True: output = input − net(input), the paper's residual learning. False: output = input + net(input), PowerQE's sign.</summary>
    public bool Subtract { get; init; } = true;

    /// <exception cref="ArgumentException">An option is out of range; the message says which.</exception>
    public void Validate()
    {
        Require.Channels(Channels);
        Require.Layers(Depth, least: 3);
        Require.Width(Width);
    }
}
