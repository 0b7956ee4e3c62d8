namespace Unpress.Networks.Discriminators;

/// <summary>Options that every discriminator has.</summary>
public abstract record DiscriminatorOptions
{
    /// <summary>Channels of the pictures: 1 (gray) or 3 (RGB).</summary>
    public int Channels { get; init; } = 3;

    /// <summary>Show it the compressed picture too, as further channels of its input.</summary>
    public bool Conditional { get; init; }

    /// <exception cref="ArgumentException">An option is out of range; the message says which.</exception>
    public virtual void Validate()
    {
        Require.Channels(Channels);
    }
}
