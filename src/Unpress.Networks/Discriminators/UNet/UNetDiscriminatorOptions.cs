namespace Unpress.Networks.Discriminators;

/// <summary>Options of <see cref="UNetDiscriminator"/>; the defaults are Real-ESRGAN's network.</summary>
public sealed record UNetDiscriminatorOptions : DiscriminatorOptions
{
    /// <summary>Channels at full size, doubled three times on the way down.</summary>
    public int Width { get; init; } = 64;

    /// <exception cref="ArgumentException">An option is out of range; the message says which.</exception>
    public override void Validate()
    {
        base.Validate();
        Require.Width(Width);
    }
}
