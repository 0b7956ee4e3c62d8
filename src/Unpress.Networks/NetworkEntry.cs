using System.Text.Json.Nodes;

namespace Unpress.Networks;

/// <summary>A network of the catalogue: its name, where it comes from, and how it is made from options.</summary>
public sealed record NetworkEntry(string Name, string Summary, string Paper, Maker<Network> Maker)
{
    /// <summary>The terms of its published weights and code, one phrase; null where the authors state none or published neither.</summary>
    public string? Licence { get; init; }

    /// <summary>
    /// What a tensor of the authors' files is called here, for names that are not ours already and after wrappers such as "params." are
    /// taken off. Null leaves the tensor out (a mask that is computed here); a name no rule knows is returned as it came. Gets all options
    /// of the network, too: names may tell what they must be.
    /// </summary>
    public Func<string, JsonObject, string?>? OurName { get; init; }

    /// <summary><see cref="OurName"/> for a network with these options.</summary>
    /// <exception cref="ArgumentException">An option is unknown or of the wrong type.</exception>
    public Func<string, string?>? OurNames(JsonObject? options)
    {
        if (OurName is not { } rule)
            return null;
        var all = Resolve(options);
        return name => rule(name, all);
    }

    /// <summary>Builds the network with fresh weights; missing options take their defaults.</summary>
    /// <exception cref="ArgumentException">An option is unknown or out of range.</exception>
    public Network Create(JsonObject? options = null) => Maker.Create(options);

    /// <summary>All options with their values, defaults filled in: what a weight file stores.</summary>
    public JsonObject Resolve(JsonObject? options) => Maker.Resolve(options);

    public static NetworkEntry Of<TOptions>(string name, string summary, string paper, Func<TOptions, Network> create)
        where TOptions : class, new() => new(name, summary, paper, Maker<Network>.Of($"network {name}", create));
}
