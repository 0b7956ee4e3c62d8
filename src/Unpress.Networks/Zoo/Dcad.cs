using Unpress.Torch;
using Unpress.Torch.Nn;

namespace Unpress.Networks;

/// <summary>
/// DCAD: Wang, Chen, Chao, "A Novel Deep Learning-Based Method of Improving Coding Efficiency from the Decoder-End for HEVC", DCC 2017.
/// Ten 3×3 convolutions with ReLU between them; the input is added. The paper works on luma with one network per QP; the defaults are
/// PowerQE's RGB network (298,947 parameters), names as there: layers.0, 2, …, 18.
/// </summary>
public sealed class Dcad : Network
{
    private readonly Sequential _layers;

    public Dcad(DcadOptions options)
        : base(new NetworkFacts(options.Channels, ReceptiveField: options.Depth))
    {
        options.Validate();
        var layers = new List<Layer> { Conv2d.Same(options.Channels, options.Width, 3), new Relu() };
        for (int k = 2; k < options.Depth; k++)
            layers.AddRange([Conv2d.Same(options.Width, options.Width, 3), new Relu()]);
        layers.Add(Conv2d.Same(options.Width, options.Channels, 3));
        _layers = Add("layers", new Sequential([.. layers]));
    }

    public static NetworkEntry Entry { get; } = NetworkEntry.Of<DcadOptions>(
        "dcad", "DCAD: ten convolutions, first made for HEVC", "Wang et al., DCC 2017", options => new Dcad(options)) with
    {
        Licence = "PowerQE's weights: non-commercial use (RyanXingQL License 1.0)",
    };

    protected override Tensor Restore(Tensor input, Conditions conditions) => input + _layers.Forward(input);
}

/// <summary>Options of <see cref="Dcad"/>.</summary>
public sealed record DcadOptions
{
    /// <summary>1 (luma, as published) or 3 (RGB, as in PowerQE).</summary>
    public int Channels { get; init; } = 3;

    /// <summary>Channels inside.</summary>
    public int Width { get; init; } = 64;

    /// <summary>Convolutions in all.</summary>
    public int Depth { get; init; } = 10;

    /// <exception cref="ArgumentException">An option is out of range; the message says which.</exception>
    public void Validate()
    {
        Require.Channels(Channels);
        Require.Width(Width);
        Require.Layers(Depth, least: 2);
    }
}
