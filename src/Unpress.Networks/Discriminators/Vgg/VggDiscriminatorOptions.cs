namespace Unpress.Networks.Discriminators;

/// <summary>Options of <see cref="VggDiscriminator"/>; the defaults are BasicSR's and mmedit's network.</summary>
public sealed record VggDiscriminatorOptions : DiscriminatorOptions
{
    /// <summary>Channels at full size, doubled three times on the way down. PowerQE takes 16.</summary>
    public int Width { get; init; } = 64;

    /// <exception cref="ArgumentException">An option is out of range; the message says which.</exception>
    public override void Validate()
    {
        base.Validate();
        Require.Width(Width);
    }
}
