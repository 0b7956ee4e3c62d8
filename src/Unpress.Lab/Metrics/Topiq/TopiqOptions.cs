using Unpress.Networks.Backbones;

namespace Unpress.Metrics;

/// <summary>Options of <see cref="TopiqNetwork"/>; the defaults are the published networks.</summary>
public sealed record TopiqOptions
{
    /// <summary>Whether it compares with a reference.</summary>
    public bool Reference { get; init; } = true;

    /// <summary>Numbers in a token, a multiple of two and of the heads.</summary>
    public int Width { get; init; } = 256;

    public int Heads { get; init; } = 4;

    /// <summary>Width between the two linear layers of a block.</summary>
    public int Inner { get; init; } = 1024;

    public ResNet50Options Backbone { get; init; } = new();
}
