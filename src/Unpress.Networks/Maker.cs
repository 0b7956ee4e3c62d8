using System.Text.Json.Nodes;

namespace Unpress.Networks;

/// <summary>How something of a catalogue is made from options.</summary>
/// <param name="Create">Makes it; missing options take their defaults.</param>
/// <param name="Resolve">All options with their values, defaults filled in.</param>
public sealed record Maker<TMade>(Func<JsonObject?, TMade> Create, Func<JsonObject?, JsonObject> Resolve)
{
    /// <param name="whose">Whose options they are, for messages: "network dncnn".</param>
    internal static Maker<TMade> Of<TOptions>(string whose, Func<TOptions, TMade> create)
        where TOptions : class, new()
    {
        return new(options => create(Read(options)), options => OptionsReader.Write(Read(options)));

        TOptions Read(JsonObject? options) => OptionsReader.Read<TOptions>(options, whose);
    }
}
