namespace Unpress.Networks;

/// <summary>Options of <see cref="Dmcnn"/>.</summary>
public sealed record DmcnnOptions
{
    /// <summary>Channels at full, half and quarter resolution.</summary>
    public int[] Widths { get; init; } = [64, 128, 256];

    /// <summary>Dilations of the convolutions at quarter resolution, one after the other.</summary>
    public int[] Dilations { get; init; } = [2, 4, 8];

    /// <exception cref="ArgumentException">An option is out of range.</exception>
    public void Validate()
    {
        Require.Widths(Widths, 3);
        Require.Layers(Dilations.Length, least: 0, name: "number of dilations");
        Require.LayerCounts(Dilations, Dilations.Length);
    }
}
