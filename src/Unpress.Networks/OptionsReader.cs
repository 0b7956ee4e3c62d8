using System.Reflection;
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
        options ??= []; // records that fill in what is missing do so when they are read
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
                    ? $"{of}: {name} is {value?.ToJsonString() ?? "null"}, must be {Words(type)}"
                    : $"options of {of}: {error.Message}",
                error);
        }
    }

    /// <summary>All options with their values.</summary>
    public static JsonObject Write<TOptions>(TOptions options) => JsonSerializer.SerializeToNode(options, Strict)!.AsObject();

    /// <summary>What a value of the type is called by people.</summary>
    private static string Words(Type type)
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
