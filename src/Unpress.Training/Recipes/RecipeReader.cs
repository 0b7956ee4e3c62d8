using System.Collections;
using System.Globalization;
using System.Reflection;
using System.Runtime.CompilerServices;
using YamlDotNet.Core;
using YamlDotNet.RepresentationModel;

namespace Unpress.Recipes;

/// <summary>
/// YAML into option records, strictly: keys are the properties' names in camelCase, and unknown keys, missing required ones, nulls
/// and values of the wrong kind are faults. A property of type <see cref="RecipeSection"/> takes all keys that are not other
/// properties. When the shape is right, every <see cref="IHasFaults"/> in it is asked too. Faults are gathered, then thrown together.
/// </summary>
public static class RecipeReader
{
    public static T Read<T>(RecipeSection section)
        where T : class
    {
        var reading = new Reading(section.Origins);
        object? result = reading.Bind(section.Node, typeof(T), section.Path, section.Beside);
        if (reading.Faults.Count == 0)
            reading.AskOptions(result!, section.Path);
        return reading.Faults.Count == 0 ? (T)result! : throw new RecipeException(reading.Faults);
    }

    /// <summary>The key of a property or the word of an enum value: its name with a small first letter; enums wholly small.</summary>
    internal static string Key(MemberInfo property) => char.ToLowerInvariant(property.Name[0]) + property.Name[1..];

    internal static string Word(object enumValue) => enumValue.ToString()!.ToLowerInvariant();

    /// <summary>The properties that are keys: those that can be set.</summary>
    internal static IEnumerable<PropertyInfo> Properties(Type type) =>
        type.GetProperties(BindingFlags.Public | BindingFlags.Instance).Where(property => property.CanWrite);

    private sealed class Reading(RecipeOrigins origins)
    {
        private readonly Dictionary<string, string> _places = [];

        public List<string> Faults { get; } = [];

        /// <param name="beside">Keys of the same mapping that are read elsewhere, for messages.</param>
        public object? Bind(YamlNode node, Type type, string path, IReadOnlyList<string>? beside = null)
        {
            _places[path] = origins.Of(node);
            type = Nullable.GetUnderlyingType(type) ?? type;
            if (type.IsGenericType && type.GetGenericTypeDefinition() == typeof(IReadOnlyList<>))
                return BindList(node, type.GetGenericArguments()[0], path);
            if (!type.IsEnum && !type.IsPrimitive && type != typeof(string))
                return BindRecord(node, type, path, beside ?? []);
            if (node is not YamlScalarNode scalar)
                return Fault(node, path, $"expected {Describe(type)}, got a {Kind(node)}");
            string text = scalar.Value ?? "";
            if (scalar.Style is ScalarStyle.Plain or ScalarStyle.Any && text is "" or "~" or "null")
                return Fault(node, path, $"expected {Describe(type)}, got nothing; leave the key out for the default");
            return Scalar(text, type) ?? Fault(node, path, $"expected {Describe(type)}, got '{text}'");
        }

        public void AskOptions(object options, string path)
        {
            if (options is IHasFaults asked)
            {
                string place = _places.TryGetValue(path, out string? known) ? known : origins.File;
                Faults.AddRange(asked.Faults().Select(fault => path.Length == 0 ? $"{place}: {fault}" : $"{place}: {path}: {fault}"));
            }

            if (options is IList list)
            {
                for (int i = 0; i < list.Count; i++)
                    AskOptions(list[i]!, $"{path}.{i}");
            }
            // Records of ours, whichever project they are in.
            else if (options.GetType().Namespace?.StartsWith(nameof(Unpress), StringComparison.Ordinal) == true)
            {
                foreach (var property in Properties(options.GetType()))
                {
                    if (property.GetValue(options) is { } value and not RecipeSection)
                        AskOptions(value, Join(path, Key(property)));
                }
            }
        }

        private object? BindList(YamlNode node, Type member, string path)
        {
            if (node is not YamlSequenceNode sequence)
                return Fault(node, path, $"expected a list, got a {Kind(node)}");
            var list = (IList)Activator.CreateInstance(typeof(List<>).MakeGenericType(member))!;
            for (int i = 0; i < sequence.Children.Count; i++)
            {
                if (Bind(sequence.Children[i], member, $"{path}.{i}") is { } value)
                    list.Add(value);
            }

            return list;
        }

        private object? BindRecord(YamlNode node, Type type, string path, IReadOnlyList<string> beside)
        {
            // A single value where something with a path is expected is that path.
            if (node is YamlScalarNode { Value: { Length: > 0 } bare } && type.GetProperty("Path") is { } place && place.PropertyType == typeof(string))
            {
                object named = Activator.CreateInstance(type)!;
                place.SetValue(named, bare);
                return named;
            }

            if (node is not YamlMappingNode mapping)
                return Fault(node, path, $"expected a mapping, got a {Kind(node)}");
            object result = Activator.CreateInstance(type)!;
            var properties = Properties(type).Where(property => property.PropertyType != typeof(RecipeSection)).ToDictionary(Key);
            var rest = Properties(type).FirstOrDefault(property => property.PropertyType == typeof(RecipeSection));
            var others = new YamlMappingNode();
            foreach (var (keyNode, value) in mapping.Children)
            {
                string key = (keyNode as YamlScalarNode)?.Value ?? "";
                if (properties.TryGetValue(key, out var property))
                {
                    if (Bind(value, property.PropertyType, Join(path, key)) is { } bound)
                        property.SetValue(result, bound);
                }
                else if (rest is not null)
                {
                    others.Add(keyNode, value);
                }
                else
                {
                    string within = path.Length == 0 ? "" : $" in {path}";
                    string[] legal = [.. properties.Keys.Concat(beside).Order(StringComparer.Ordinal)];
                    Faults.Add($"{origins.Of(keyNode)}: unknown key '{key}'{within}; legal are {string.Join(", ", legal)}{ByName.Meant(key, legal)}");
                }
            }

            rest?.SetValue(result, new RecipeSection(others, path, origins) { Beside = [.. properties.Keys] });
            foreach (var (key, property) in properties)
            {
                if (property.IsDefined(typeof(RequiredMemberAttribute)) && !mapping.Children.ContainsKey(new YamlScalarNode(key)))
                    Fault(node, path, $"'{key}' is missing");
            }

            return result;
        }

        private object? Fault(YamlNode node, string path, string fault)
        {
            Faults.Add(path.Length == 0 ? $"{origins.Of(node)}: {fault}" : $"{origins.Of(node)}: {path}: {fault}");
            return null;
        }
    }

    private static object? Scalar(string text, Type type)
    {
        if (type == typeof(string))
            return text;
        if (type.IsEnum)
            return Enum.GetValues(type).Cast<object>().FirstOrDefault(value => Word(value) == text);
        if (type == typeof(bool))
            return text switch { "true" => true, "false" => false, _ => null };
        string digits = text.Replace("_", "", StringComparison.Ordinal); // 200_000, as YAML 1.1 has it
        const NumberStyles Whole = NumberStyles.AllowLeadingSign;
        if (type == typeof(int))
            return int.TryParse(digits, Whole, CultureInfo.InvariantCulture, out int number) ? number : null;
        if (type == typeof(long))
            return long.TryParse(digits, Whole, CultureInfo.InvariantCulture, out long number) ? number : null;
        if (type == typeof(double))
            return double.TryParse(digits, NumberStyles.Float, CultureInfo.InvariantCulture, out double real) && double.IsFinite(real) ? real : null;
        throw new NotSupportedException($"option records cannot have members of type {type}");
    }

    private static string Describe(Type type) =>
        type.IsEnum ? "one of " + string.Join(", ", Enum.GetValues(type).Cast<object>().Select(Word))
        : type == typeof(bool) ? "true or false"
        : type == typeof(int) || type == typeof(long) ? "a whole number"
        : type == typeof(double) ? "a number"
        : "a text";

    private static string Kind(YamlNode node) =>
        node switch { YamlMappingNode => "mapping", YamlSequenceNode => "list", _ => "single value" };

    private static string Join(string path, string key) => path.Length == 0 ? key : $"{path}.{key}";
}

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
