using System.Text.Json.Nodes;
using System.Text.Json.Serialization;

namespace Unpress.Networks;

/// <summary>Options of <see cref="Gated"/>.</summary>
public sealed record GatedOptions : IJsonOnDeserialized
{
    /// <summary>The restoration network behind the gate: a name of the catalogue.</summary>
    public string Network { get; init; } = "dncnn";

    /// <summary>Its options; null for its defaults.</summary>
    public JsonObject? Options { get; set; }

    /// <summary>Channels of the gate's first layer; it doubles twice.</summary>
    public int Width { get; init; } = 16;

    /// <summary>Whether the gate looks for traces of JPEG's blocks, too, and so knows high qualities.</summary>
    public bool Grid { get; init; }

    /// <summary>Where the gate starts, before its sigmoid: open, so that a trained network behind it begins as it was.</summary>
    public double Start { get; init; } = 3;

    /// <summary>A weight file holds all options, those of the network behind the gate as well.</summary>
    void IJsonOnDeserialized.OnDeserialized() => Options = NetworkCatalog.Find(Network).Resolve(Options);

    /// <exception cref="ArgumentException">An option is out of range.</exception>
    public void Validate()
    {
        Require.Width(Width);
        Require.Within(Start, -100, 100);
        if (Network.Equals("gated", StringComparison.OrdinalIgnoreCase))
            throw new ArgumentException("network: a gate behind a gate");
    }
}
