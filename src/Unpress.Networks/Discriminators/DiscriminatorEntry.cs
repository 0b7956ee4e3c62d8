using System.Text.Json.Nodes;

namespace Unpress.Networks.Discriminators;

/// <summary>A discriminator of the catalogue: its name, where it comes from, and how it is made from options.</summary>
public sealed record DiscriminatorEntry(string Name, string Summary, string Paper, Maker<Discriminator> Maker)
{
    /// <summary>Builds the discriminator with fresh weights; missing options take their defaults.</summary>
    /// <exception cref="ArgumentException">An option is unknown or out of range.</exception>
    public Discriminator Create(JsonObject? options = null) => Maker.Create(options);

    /// <summary>All options with their values, defaults filled in.</summary>
    public JsonObject Resolve(JsonObject? options) => Maker.Resolve(options);

    public static DiscriminatorEntry Of<TOptions>(string name, string summary, string paper, Func<TOptions, Discriminator> create)
        where TOptions : DiscriminatorOptions, new() => new(name, summary, paper, Maker<Discriminator>.Of($"discriminator {name}", create));
}
