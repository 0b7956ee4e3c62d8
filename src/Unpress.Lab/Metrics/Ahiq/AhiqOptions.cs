using Unpress.Networks.Backbones;

namespace Unpress.Metrics;

/// <summary>Options of <see cref="AhiqNetwork"/>; the defaults are the published network.</summary>
public sealed record AhiqOptions
{
    /// <summary>Side of the crops, a multiple of the patches'.</summary>
    public int Crop { get; init; } = 224;

    /// <summary>Side of the transformer's patches.</summary>
    public int Patch { get; init; } = 8;

    /// <summary>Numbers in a token of the transformer.</summary>
    public int Width { get; init; } = 768;

    public int Heads { get; init; } = 12;

    /// <summary>Blocks of the transformer whose tokens are looked at: the first ones.</summary>
    public int Blocks { get; init; } = 5;

    /// <summary>Channels to which a picture's features are brought before pictures are compared.</summary>
    public int Compared { get; init; } = 256;

    /// <summary>Three bottlenecks in its first stage are looked at.</summary>
    public ResNet50Options Backbone { get; init; } = new();
}
