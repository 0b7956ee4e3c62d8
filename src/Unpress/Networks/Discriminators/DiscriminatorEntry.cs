using System.Text.Json.Nodes;

namespace Unpress.Networks.Discriminators;

/// <summary>A discriminator of the catalogue: its name, where it comes from, and how it is made from options.</summary>
public abstract record DiscriminatorEntry(string Name, string Summary, string Paper)
{
    /// <summary>Builds the discriminator with fresh weights; missing options take their defaults.</summary>
    /// <exception cref="ArgumentException">An option is unknown or out of range.</exception>
    public abstract Discriminator Create(JsonObject? options = null);

    /// <summary>All options with their values, defaults filled in.</summary>
    public abstract JsonObject Resolve(JsonObject? options);

    public static DiscriminatorEntry Of<TOptions>(string name, string summary, string paper, Func<TOptions, Discriminator> create)
        where TOptions : DiscriminatorOptions, new() => new Typed<TOptions>(name, summary, paper, create);

    private sealed record Typed<TOptions>(string Name, string Summary, string Paper, Func<TOptions, Discriminator> Make)
        : DiscriminatorEntry(Name, Summary, Paper)
        where TOptions : DiscriminatorOptions, new()
    {
        public override Discriminator Create(JsonObject? options) => Make(Read(options));

        public override JsonObject Resolve(JsonObject? options) => OptionsReader.Write(Read(options));

        private TOptions Read(JsonObject? options) => OptionsReader.Read<TOptions>(options, $"discriminator {Name}");
    }
}
