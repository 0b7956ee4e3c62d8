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
        : base(new NetworkFacts(options.Channels, Reach: options.Depth))
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
