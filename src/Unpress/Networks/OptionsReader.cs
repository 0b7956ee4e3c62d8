using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.Json.Serialization;

namespace Unpress.Networks;

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
        try
        {
            return options is null ? new TOptions() : options.Deserialize<TOptions>(Strict)!;
        }
        catch (JsonException error)
        {
            throw new ArgumentException($"options of {of}: {error.Message}", error);
        }
    }

    /// <summary>All options with their values.</summary>
    public static JsonObject Write<TOptions>(TOptions options) => JsonSerializer.SerializeToNode(options, Strict)!.AsObject();
}
