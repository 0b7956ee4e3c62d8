using System.Globalization;
using System.Text.Json.Nodes;
using YamlDotNet.Core;
using YamlDotNet.RepresentationModel;

namespace Unpress.Recipes;

/// <summary>
/// A part of a recipe whose keys the reader does not know: the options of a network, a loss, a degradation. The catalog's entry
/// reads it, as strictly, with <see cref="Read{TOptions}"/>.
/// </summary>
public sealed class RecipeSection
{
    internal RecipeSection(YamlMappingNode node, string path, RecipeOrigins origins)
    {
        Node = node;
        Path = path;
        Origins = origins;
    }

    /// <summary>No options: all defaults.</summary>
    public static RecipeSection Empty { get; } = new([], "options", new RecipeOrigins("no recipe"));

    /// <summary>Where in the recipe it stands, such as "network".</summary>
    public string Path { get; }

    internal YamlMappingNode Node { get; }

    /// <summary>Keys of the same mapping that belong to whoever holds the section, such as "type".</summary>
    internal IReadOnlyList<string> Beside { get; init; } = [];

    internal RecipeOrigins Origins { get; }

    /// <summary>A section from YAML text, for code that has no recipe.</summary>
    public static RecipeSection Parse(string yaml) => RecipeDocument.Parse(yaml, "options").Root;

    /// <summary>The options as a typed record; unknown, duplicate, missing and bad values are faults.</summary>
    /// <exception cref="RecipeException">All faults together.</exception>
    public TOptions Read<TOptions>()
        where TOptions : class, new() => RecipeReader.Read<TOptions>(this);

    /// <summary>The options as JSON, for those who keep them beside weights; scalars become numbers and truth values where they are written so.</summary>
    public JsonObject ToJson() => (JsonObject)Convert(Node)!;

    private static JsonNode? Convert(YamlNode node) => node switch
    {
        YamlMappingNode mapping => new JsonObject(mapping.Children.Select(
            pair => KeyValuePair.Create(((YamlScalarNode)pair.Key).Value!, Convert(pair.Value)))),
        YamlSequenceNode sequence => new JsonArray([.. sequence.Children.Select(Convert)]),
        YamlScalarNode scalar => Scalar(scalar),
        _ => null,
    };

    private static JsonValue Scalar(YamlScalarNode scalar)
    {
        string text = scalar.Value ?? "";
        if (scalar.Style is not (ScalarStyle.Plain or ScalarStyle.Any))
            return JsonValue.Create(text);
        if (text is "true" or "false")
            return JsonValue.Create(text == "true");
        if (long.TryParse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out long whole))
            return JsonValue.Create(whole);
        return double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out double real) ? JsonValue.Create(real) : JsonValue.Create(text);
    }
}
