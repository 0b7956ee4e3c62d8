namespace Unpress.Networks.Discriminators;

/// <summary>All discriminators. A new one is a folder beside these and one line here.</summary>
public static class DiscriminatorCatalog
{
    public static IReadOnlyList<DiscriminatorEntry> All { get; } =
    [
        VggDiscriminator.Entry,
        UNetDiscriminator.Entry,
        DcganDiscriminator.Entry,
    ];

    /// <exception cref="ArgumentException">No such discriminator; the message lists the names.</exception>
    public static DiscriminatorEntry Find(string name)
        => All.FirstOrDefault(entry => entry.Name.Equals(name, StringComparison.OrdinalIgnoreCase))
            ?? throw new ArgumentException($"no discriminator is called '{name}'; there are {string.Join(", ", All.Select(entry => entry.Name))}");
}
