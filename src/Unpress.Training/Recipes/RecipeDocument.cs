using YamlDotNet.Core;
using YamlDotNet.RepresentationModel;

namespace Unpress.Recipes;

/// <summary>
/// A recipe as written, before it has types: the files that it "extends", the file, the named overlays from its "overlays" key, one of its
/// "stages", then "--set" overrides, each laid over what was there.
/// </summary>
public sealed class RecipeDocument
{
    private const string ExtendsKey = "extends";
    private const string OverlaysKey = "overlays";
    private const string StagesKey = "stages";
    private const string InitFromKey = "initFrom";
    private const int MostFiles = 100;

    private readonly RecipeOrigins _origins;
    private readonly YamlMappingNode _root;
    private readonly YamlMappingNode _overlays;

    // Of the file, once this is the recipe of one of them.
    private string[] _stages = [];
    private string? _stage;

    private RecipeDocument(YamlMappingNode root, RecipeOrigins origins)
    {
        _root = root;
        _origins = origins;
        _overlays = Take(OverlaysKey);
    }

    public RecipeSection Root => new(_root, "", _origins);

    public IEnumerable<string> OverlayNames => Names(_overlays);

    /// <summary>The stages of the training in their order; empty when it has but one.</summary>
    public IEnumerable<string> StageNames => _root.Children.TryGetValue(new YamlScalarNode(StagesKey), out var stages) ? Names(stages) : [];

    /// <exception cref="RecipeException">The file cannot be read or is not YAML.</exception>
    public static RecipeDocument Load(string path) => Parse(RecipeYaml.ReadFile(path), path);

    /// <param name="text">YAML.</param>
    /// <param name="name">Stands for the file in messages.</param>
    public static RecipeDocument Parse(string text, string name)
    {
        var origins = new RecipeOrigins(name);
        return new RecipeDocument(Whole(text, name, origins, [], []), origins);
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
        Merge(_root, mapping, final: true);
        return this;
    }

    /// <summary>
    /// Makes this the recipe of one stage: its changes are laid over the rest, and its name is added to the recipe's. Only the first stage
    /// has the recipe's own initial weights; for a later one they are what the stage itself says.
    /// </summary>
    public RecipeDocument Stage(string name)
    {
        (_stages, _stage) = ([.. StageNames], name);
        bool first = _stages[0] == name;
        var stage = Take(StagesKey).Children[new YamlScalarNode(name)];
        if (stage is not YamlMappingNode mapping)
            throw new RecipeException([$"{_origins.Of(stage)}: stage '{name}' must be a mapping"]);
        if (!first)
            _root.Children.Remove(new YamlScalarNode(InitFromKey));
        Merge(_root, mapping, final: true);
        var title = new YamlScalarNode("name");
        if (_root.Children.TryGetValue(title, out var whole) && !mapping.Children.ContainsKey(title))
            _root.Children[title] = new YamlScalarNode($"{whole}-{name}");
        return this;
    }

    /// <summary>
    /// Lays one override over the recipe. Of a recipe with stages it holds for each of them, "stages.NAME.key=value" for one; a "name" is
    /// that of the whole, and the stage's is added to it.
    /// </summary>
    /// <param name="assignment">"data.patch.size=64"; list members by number: "objective.0.weight=2"; the value is YAML.</param>
    public RecipeDocument Set(string assignment)
    {
        string origin = $"--set {assignment}";
        int equals = assignment.IndexOf('=', StringComparison.Ordinal);
        if (equals < 1)
            throw new RecipeException([$"{origin}: expected key.key=value"]);
        string[] keys = assignment[..equals].Trim().Split('.');
        var value = RecipeYaml.Parse(assignment[(equals + 1)..], origin);
        if (_stage is not null && keys is [StagesKey, var named, .. var own])
        {
            if (!_stages.Contains(named) || own.Length == 0)
                throw new RecipeException([$"{origin}: expected stages.NAME.key=value; the stages are {string.Join(", ", _stages)}"]);
            if (named != _stage)
                return this;
            keys = own;
        }
        else if (_stage is not null && keys is ["name"])
        {
            value = new YamlScalarNode($"{value}-{_stage}");
        }

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
                    throw new RecipeException(
                        [$"{origin}: {path} is a list of {list.Children.Count}; expected 0..{list.Children.Count - 1}, got '{key}'{OfStage()}"]);
                if (value is not null)
                    list.Children[index] = value;
                return list.Children[index];
            default:
                throw new RecipeException([$"{origin}: {path} is a single value and has no '{key}'"]);
        }
    }

    private string OfStage() => _stage is null ? "" : $" (in the stage {_stage}; --set stages.NAME.key=value changes one stage alone)";

    // The file over those it extends, the later over the earlier, and each of them over what it extends itself. "files" counts all that were read.
    private static YamlMappingNode Whole(string text, string name, RecipeOrigins origins, IReadOnlyList<string> above, List<string> files)
    {
        files.Add(name);
        if (files.Count > MostFiles)
            throw new RecipeException([$"{name}: the recipe extends more than {MostFiles} files"]);
        if (RecipeYaml.Parse(text, name) is not YamlMappingNode mapping)
            throw new RecipeException([$"{name}: is not a mapping of keys to values"]);
        if (above.Count > 0)
            origins.Adopt(mapping, name);
        var key = new YamlScalarNode(ExtendsKey);
        if (!mapping.Children.TryGetValue(key, out var parent))
            return mapping;
        mapping.Children.Remove(key);
        var parents = parent is YamlSequenceNode list ? list.Children : [parent];
        var below = new YamlMappingNode();
        foreach (var each in parents)
        {
            string path = Path.Combine(Path.GetDirectoryName(name) ?? "", (each as YamlScalarNode)?.Value ?? "");
            if (above.Append(name).Any(file => Path.GetFullPath(file) == Path.GetFullPath(path)))
                throw new RecipeException([$"{origins.Of(parent)}: extends itself"]);
            Merge(below, Whole(RecipeYaml.ReadFile(path), path, origins, [.. above, name], files));
        }

        Merge(below, mapping);
        return below;
    }

    // Removes and returns a mapping of names that is no part of the recipe itself.
    private YamlMappingNode Take(string name)
    {
        var key = new YamlScalarNode(name);
        if (!_root.Children.TryGetValue(key, out var node))
            return [];
        _root.Children.Remove(key);
        return node as YamlMappingNode
            ?? throw new RecipeException([$"{_origins.Of(node)}: {name} must be a mapping of names to what they change"]);
    }

    private static IEnumerable<string> Names(YamlNode node)
        => node is YamlMappingNode mapping ? mapping.Children.Keys.OfType<YamlScalarNode>().Select(key => key.Value!) : [];

    // Mappings are merged key by key; lists and values are replaced; another "type" brings its own options, so the old ones go. A null
    // takes away what is below.
    private static void Merge(YamlMappingNode below, YamlMappingNode above, bool final = false)
    {
        foreach (var (key, value) in above.Children)
        {
            // Of two overlays the lower may have nothing of it, and what it is for comes later.
            if (value is YamlScalarNode { Style: ScalarStyle.Plain, Value: "null" } && (below.Children.Remove(key) || final))
                continue;
            if (value is YamlMappingNode upper && below.Children.TryGetValue(key, out var old) && old is YamlMappingNode lower && SameType(lower, upper))
            {
                Merge(lower, upper, final);
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
}

/// <summary>A recipe that cannot be used: every fault found, one line each, with file and line or the override it comes from.</summary>
public sealed class RecipeException(IReadOnlyList<string> faults) : UnpressException(string.Join('\n', faults))
{
    public IReadOnlyList<string> Faults { get; } = faults;
}
