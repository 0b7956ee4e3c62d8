namespace Unpress.Networks.Discriminators;

/// <summary>All discriminators. A new one is a file beside this one and one line here.</summary>
public static class DiscriminatorCatalog
{
    public static IReadOnlyList<DiscriminatorEntry> All { get; } =
    [
        VggDiscriminator.Entry,
        UNetDiscriminator.Entry,
        DcganDiscriminator.Entry,
    ];

    /// <exception cref="ArgumentException">No such discriminator; the message lists the names.</exception>
    public static DiscriminatorEntry Find(string name) => ByName.Find(All, "discriminator", name, entry => entry.Name);
}
