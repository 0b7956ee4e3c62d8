using YamlDotNet.RepresentationModel;

namespace Unpress.Recipes;

/// <summary>Where each node came from: a line of the file, unless an override put it there.</summary>
internal sealed class RecipeOrigins(string file)
{
    private readonly Dictionary<YamlNode, string> _overrides = new(ReferenceEqualityComparer.Instance);

    public string File { get; } = file;

    public string Of(YamlNode node) =>
        _overrides.TryGetValue(node, out string? origin) ? origin : node.Start.Line > 0 ? $"{File}:{node.Start.Line}" : File;

    /// <summary>Nodes of another file, which this one extends.</summary>
    public void Adopt(YamlNode node, string other)
    {
        foreach (var each in node.AllNodes)
            _overrides[each] = $"{other}:{each.Start.Line}";
    }

    public void Mark(YamlNode node, string origin)
    {
        foreach (var each in node.AllNodes)
            _overrides[each] = origin;
    }
}
