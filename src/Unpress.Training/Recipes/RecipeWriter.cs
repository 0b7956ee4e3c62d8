using System.Collections;
using System.Globalization;
using YamlDotNet.Core;
using YamlDotNet.RepresentationModel;

namespace Unpress.Recipes;

/// <summary>
/// Option records into YAML, defaults included, so that the copy stored with a run means the same when a default changes.
/// What is written reads back equal through <see cref="RecipeReader"/>.
/// </summary>
public static class RecipeWriter
{
    public static string ToYaml(object options)
    {
        using var text = new StringWriter(CultureInfo.InvariantCulture) { NewLine = "\n" };
        new YamlStream(new YamlDocument(Mapping(options))).Save(text, assignAnchors: false);
        string yaml = text.ToString();
        return yaml.EndsWith("...\n", StringComparison.Ordinal) ? yaml[..^4] : yaml; // the end-of-document mark says nothing here
    }

    private static YamlMappingNode Mapping(object options)
    {
        var mapping = new YamlMappingNode();
        foreach (var property in RecipeReader.Properties(options.GetType()))
        {
            switch (property.GetValue(options))
            {
                case null:
                    break;
                case RecipeSection section:
                    foreach (var (key, value) in section.Node.Children)
                        mapping.Add(key, value);
                    break;
                case var value:
                    mapping.Add(RecipeReader.Key(property), Node(value));
                    break;
            }
        }

        return mapping;
    }

    private static YamlNode Node(object value) => value switch
    {
        string text => Text(text),
        bool truth => new YamlScalarNode(truth ? "true" : "false"),
        Enum word => new YamlScalarNode(RecipeReader.Word(word)),
        IFormattable number => new YamlScalarNode(number.ToString(null, CultureInfo.InvariantCulture)),
        IEnumerable list => List(list),
        _ => Mapping(value),
    };

    private static YamlScalarNode Text(string text)
    {
        if (text.Contains('\n', StringComparison.Ordinal))
            return new YamlScalarNode(text) { Style = ScalarStyle.Literal };
        // Words that would read back as "nothing".
        return new YamlScalarNode(text) { Style = text is "" or "~" or "null" ? ScalarStyle.SingleQuoted : ScalarStyle.Any };
    }

    private static YamlSequenceNode List(IEnumerable list)
    {
        var nodes = list.Cast<object>().Select(Node).ToList();
        // Numbers on one line, mappings one below the other.
        return new YamlSequenceNode(nodes)
        {
            Style = nodes.TrueForAll(node => node is YamlScalarNode)
                ? YamlDotNet.Core.Events.SequenceStyle.Flow
                : YamlDotNet.Core.Events.SequenceStyle.Block,
        };
    }
}
