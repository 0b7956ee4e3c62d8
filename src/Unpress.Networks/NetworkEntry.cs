using System.Numerics;
using System.Reflection;
using System.Runtime.CompilerServices;
using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.Json.Serialization;

namespace Unpress.Networks;

/// <summary>A network of the catalogue: its name, where it comes from, and how it is made from options.</summary>
public sealed record NetworkEntry(string Name, string Summary, string Paper, Factory<Network> Factory)
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
    public Network Create(JsonObject? options = null) => Factory.Create(options);

    /// <summary>All options with their values, defaults filled in: what a weight file stores.</summary>
    public JsonObject Resolve(JsonObject? options) => Factory.Resolve(options);

    /// <param name="complete">Fills in options that depend on others; null where every option has a default of its own.</param>
    public static NetworkEntry Of<TOptions>(
        string name, string summary, string paper, Func<TOptions, Network> create, Func<TOptions, TOptions>? complete = null)
        where TOptions : class, new() => new(name, summary, paper, Factory<Network>.Of($"network {name}", create, complete));
}

/// <summary>How something of a catalogue is made from options.</summary>
/// <param name="Create">Makes it; missing options take their defaults.</param>
/// <param name="Resolve">All options with their values, defaults filled in.</param>
public sealed record Factory<TMade>(Func<JsonObject?, TMade> Create, Func<JsonObject?, JsonObject> Resolve)
{
    /// <param name="whose">Whose options they are, for messages: "network dncnn".</param>
    /// <param name="complete">Fills in options that depend on others.</param>
    internal static Factory<TMade> Of<TOptions>(string whose, Func<TOptions, TMade> create, Func<TOptions, TOptions>? complete = null)
        where TOptions : class, new()
    {
        return new(options => create(Read(options)), options => OptionsReader.Write(Read(options)));

        TOptions Read(JsonObject? options)
        {
            var read = OptionsReader.Read<TOptions>(options, whose);
            return complete is null ? read : complete(read);
        }
    }
}

/// <summary>Options records from JSON and back, strictly: an unknown key or a wrong type is an error that names it.</summary>
internal static class OptionsReader
{
    private static readonly JsonSerializerOptions Strict = new(JsonSerializerDefaults.Web)
    {
        UnmappedMemberHandling = JsonUnmappedMemberHandling.Disallow,
        RespectNullableAnnotations = true,
        Converters = { new JsonStringEnumConverter(JsonNamingPolicy.CamelCase, allowIntegerValues: false) },
    };

    /// <exception cref="ArgumentException">An option is unknown or of the wrong type; <paramref name="of"/> says whose.</exception>
    public static TOptions Read<TOptions>(JsonObject? options, string of) where TOptions : class, new()
    {
        options ??= [];
        var known = typeof(TOptions).GetProperties(BindingFlags.Public | BindingFlags.Instance).ToDictionary(
            property => JsonNamingPolicy.CamelCase.ConvertName(property.Name), property => property.PropertyType, StringComparer.OrdinalIgnoreCase);
        if (options.Select(option => option.Key).FirstOrDefault(name => !known.ContainsKey(name)) is { } unknown)
            throw new ArgumentException($"{of} has no option '{unknown}'; it has {(known.Count == 0 ? "none" : string.Join(", ", known.Keys))}");
        try
        {
            return options.Deserialize<TOptions>(Strict)!;
        }
        catch (JsonException error)
        {
            // The path is "$.widths[1]".
            string name = error.Path?.Split('.', '[').ElementAtOrDefault(1) ?? "";
            throw new ArgumentException(
                known.TryGetValue(name, out var type) && options[name] is var value
                    ? $"{of}: {name} is {value?.ToJsonString() ?? "null"}, must be {Describe(type)}"
                    : $"options of {of}: {error.Message}",
                error);
        }
    }

    /// <summary>All options with their values.</summary>
    public static JsonObject Write<TOptions>(TOptions options) => JsonSerializer.SerializeToNode(options, Strict)!.AsObject();

    /// <summary>What a value of the type is called by people.</summary>
    private static string Describe(Type type)
    {
        type = Nullable.GetUnderlyingType(type) ?? type;
        return type == typeof(int) ? "a whole number"
            : type == typeof(double) ? "a number"
            : type == typeof(bool) ? "true or false"
            : type == typeof(int[]) ? "whole numbers in brackets, [1,2,3]"
            : type.IsEnum ? string.Join(", ", Enum.GetNames(type).Select(JsonNamingPolicy.CamelCase.ConvertName))
            : type == typeof(string) ? "a text"
            : "options in braces, {\"name\":value}";
    }
}

/// <summary>A network's options as people write them: <c>channels=1</c>, <c>blocks=[1,2,4]</c>, <c>mode=nonlocal</c>.</summary>
public static class OptionText
{
    /// <summary>Null where nothing was said. A value is JSON; what is not JSON is a text.</summary>
    /// <exception cref="ArgumentException">An assignment has no name or no "=".</exception>
    public static JsonObject? Parse(IReadOnlyList<string>? assignments)
    {
        if (assignments is null or [])
            return null;
        var options = new JsonObject();
        foreach (string assignment in assignments)
        {
            int equals = assignment.IndexOf('=', StringComparison.Ordinal);
            if (equals < 1)
                throw new ArgumentException($"--set {assignment}: expected NAME=VALUE");
            options[assignment[..equals]] = Value(assignment[(equals + 1)..]);
        }

        return options;
    }

    private static JsonNode? Value(string text)
    {
        try
        {
            return JsonNode.Parse(text);
        }
        catch (JsonException)
        {
            return JsonValue.Create(text);
        }
    }
}

/// <summary>
/// What options of networks must be. The upper limits are far beyond any network in use: they keep a slip of the keyboard, or a weight file
/// made to harm, from taking all memory before anything else can be found wrong.
/// </summary>
internal static class Require
{
    private const int MostChannels = 65_536;
    private const int MostLayers = 1_000;

    /// <summary>Channels of pictures: 1 or 3.</summary>
    /// <exception cref="ArgumentException">They are not; so with all others here.</exception>
    public static void Channels(int channels)
    {
        if (channels is not (1 or 3))
            throw new ArgumentException($"channels is {channels}, must be 1 or 3");
    }

    /// <summary>Channels inside a network.</summary>
    public static void Width(int width, int least = 1, [CallerArgumentExpression(nameof(width))] string name = "")
        => Within(width, least, MostChannels, name);

    /// <summary>Channels inside a network, in a list of so many.</summary>
    public static void Widths(int[] widths, int count, [CallerArgumentExpression(nameof(widths))] string name = "")
        => Each(widths, count, 1, MostChannels, name);

    /// <summary>Layers, blocks, stages.</summary>
    public static void Layers(int layers, int least = 1, [CallerArgumentExpression(nameof(layers))] string name = "")
        => Within(layers, least, MostLayers, name);

    /// <summary>Layers, blocks, stages, in a list of so many.</summary>
    public static void LayerCounts(int[] layers, int count, int least = 1, [CallerArgumentExpression(nameof(layers))] string name = "")
        => Each(layers, count, least, MostLayers, name);

    /// <summary>A number in a range, its ends included; NaN is in none.</summary>
    public static void Within<T>(T value, T least, T most, [CallerArgumentExpression(nameof(value))] string name = "")
        where T : INumber<T>
    {
        if (!(value >= least && value <= most))
            throw new ArgumentException(FormattableString.Invariant($"{Spelled(name)} is {value}, must be {least} to {most}"));
    }

    private static void Each(int[] values, int count, int least, int most, string name)
    {
        if (values.Length != count || values.Any(value => value < least || value > most))
            throw new ArgumentException($"{Spelled(name)} is [{string.Join(",", values)}], must be {count} numbers, each {least} to {most}");
    }

    /// <summary>As people write options: "uNetGrowth".</summary>
    private static string Spelled(string property) => char.ToLowerInvariant(property[0]) + property[1..];
}
