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

    internal RecipeOrigins Origins { get; }

    /// <summary>A section from YAML text, for code that has no recipe.</summary>
    public static RecipeSection Parse(string yaml) => RecipeDocument.Parse(yaml, "options").Root;

    /// <summary>The options as a typed record; unknown, duplicate, missing and bad values are faults.</summary>
    /// <exception cref="RecipeException">All faults together.</exception>
    public TOptions Read<TOptions>()
        where TOptions : class, new() => RecipeReader.Read<TOptions>(this);
}
