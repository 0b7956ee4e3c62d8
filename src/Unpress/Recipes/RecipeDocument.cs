using YamlDotNet.Core;
using YamlDotNet.RepresentationModel;

namespace Unpress.Recipes;

/// <summary>
/// A recipe as written, before it has types: the file, then the named overlays from its own "overlays" key, then "--set" overrides,
/// each laid over what was there.
/// </summary>
public sealed class RecipeDocument
{
    private const string OverlaysKey = "overlays";

    private readonly RecipeOrigins _origins;
    private readonly YamlMappingNode _root;
    private readonly YamlMappingNode _overlays;

    private RecipeDocument(YamlMappingNode root, RecipeOrigins origins)
    {
        _root = root;
        _origins = origins;
        _overlays = [];
        var key = new YamlScalarNode(OverlaysKey);
        if (!root.Children.TryGetValue(key, out var overlays))
            return;
        _overlays = overlays as YamlMappingNode
            ?? throw new RecipeException([$"{origins.Of(overlays)}: overlays must be a mapping of names to what they change"]);
        root.Children.Remove(key);
    }

    public RecipeSection Root => new(_root, "", _origins);

    public IEnumerable<string> OverlayNames => _overlays.Children.Keys.OfType<YamlScalarNode>().Select(key => key.Value!);

    /// <exception cref="RecipeException">The file cannot be read or is not YAML.</exception>
    public static RecipeDocument Load(string path)
    {
        try
        {
            return Parse(File.ReadAllText(path), path);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new RecipeException([$"{path}: {e.Message}"]);
        }
    }

    /// <param name="text">YAML.</param>
    /// <param name="name">Stands for the file in messages.</param>
    public static RecipeDocument Parse(string text, string name)
    {
        var node = ParseNode(text, name);
        if (node is not YamlMappingNode mapping)
            throw new RecipeException([$"{name}: is not a mapping of keys to values"]);
        return new RecipeDocument(mapping, new RecipeOrigins(name));
    }

    /// <summary>Lays the overlay of this name over the recipe.</summary>
    public RecipeDocument Overlay(string name)
    {
        if (!_overlays.Children.TryGetValue(new YamlScalarNode(name), out var overlay))
        {
            string legal = OverlayNames.Any() ? "it has " + string.Join(", ", OverlayNames) : "it has none";
            throw new RecipeException([$"{_origins.File}: no overlay '{name}'; {legal}"]);
        }

        if (overlay is not YamlMappingNode mapping)
            throw new RecipeException([$"{_origins.Of(overlay)}: overlay '{name}' must be a mapping"]);
        Merge(_root, mapping);
        return this;
    }

    /// <summary>Lays one override over the recipe.</summary>
    /// <param name="assignment">"data.patch.size=64"; list members by number: "objective.0.weight=2"; the value is YAML.</param>
    public RecipeDocument Set(string assignment)
    {
        string origin = $"--set {assignment}";
        int equals = assignment.IndexOf('=', StringComparison.Ordinal);
        if (equals < 1)
            throw new RecipeException([$"{origin}: expected key.key=value"]);
        string[] keys = assignment[..equals].Trim().Split('.');
        var value = ParseNode(assignment[(equals + 1)..], origin);
        _origins.Mark(value, origin);
        YamlNode place = _root;
        for (int i = 0; i < keys.Length; i++)
            place = Descend(place, keys, i, i == keys.Length - 1 ? value : null, origin);
        return this;
    }

    // One step along the path; mappings that are not there yet are made, and the reader will say so if no such key exists.
    private YamlNode Descend(YamlNode place, string[] keys, int position, YamlNode? value, string origin)
    {
        string key = keys[position], path = string.Join('.', keys[..position]);
        switch (place)
        {
            case YamlMappingNode mapping:
                var name = new YamlScalarNode(key);
                if (value is null && mapping.Children.TryGetValue(name, out var child))
                    return child;
                value ??= new YamlMappingNode();
                _origins.Mark(name, origin);
                mapping.Children.Remove(name); // the old key, with its old origin
                mapping.Children[name] = value;
                return value;
            case YamlSequenceNode list:
                if (!int.TryParse(key, out int index) || index < 0 || index >= list.Children.Count)
                    throw new RecipeException([$"{origin}: {path} is a list of {list.Children.Count}; expected 0..{list.Children.Count - 1}, got '{key}'"]);
                if (value is not null)
                    list.Children[index] = value;
                return list.Children[index];
            default:
                throw new RecipeException([$"{origin}: {path} is a single value and has no '{key}'"]);
        }
    }

    // Mappings are merged key by key; lists and values are replaced; another "type" brings its own options, so the old ones go.
    private static void Merge(YamlMappingNode below, YamlMappingNode above)
    {
        foreach (var (key, value) in above.Children)
        {
            if (value is YamlMappingNode upper && below.Children.TryGetValue(key, out var old) && old is YamlMappingNode lower && SameType(lower, upper))
            {
                Merge(lower, upper);
            }
            else
            {
                below.Children.Remove(key);
                below.Children[key] = value;
            }
        }
    }

    private static bool SameType(YamlMappingNode lower, YamlMappingNode upper)
    {
        var key = new YamlScalarNode("type");
        return !upper.Children.TryGetValue(key, out var type) || (lower.Children.TryGetValue(key, out var old) && old.Equals(type));
    }

    private static YamlNode ParseNode(string text, string name)
    {
        try
        {
            var stream = new YamlStream();
            stream.Load(new StringReader(text));
            return stream.Documents.Count switch
            {
                0 => new YamlScalarNode(""),
                1 => stream.Documents[0].RootNode,
                _ => throw new RecipeException([$"{name}: has {stream.Documents.Count} YAML documents, expected one"]),
            };
        }
        catch (YamlException e)
        {
            throw new RecipeException([$"{name}:{e.Start.Line}: {(e.InnerException ?? e).Message}"]);
        }
    }
}
