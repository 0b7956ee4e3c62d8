using Unpress.Files;
using YamlDotNet.Core;
using YamlDotNet.Core.Events;
using YamlDotNet.RepresentationModel;

namespace Unpress.Recipes;

/// <summary>A recipe's text as YAML, within limits: what is too long, too deep or stands for too much is a fault before anything is built of it.</summary>
internal static class RecipeYaml
{
    private const int Deepest = 32;
    private const long MostBytes = 1 << 20, MostNodes = 100_000;

    /// <exception cref="RecipeException">It cannot be read.</exception>
    public static string ReadFile(string path)
    {
        try
        {
            var file = new FileInfo(path);
            if (file.Exists && !NativeFileKind.IsOrdinary(path))
                throw new RecipeException([$"{path}: a device or a pipe, not a recipe"]);
            if (file.Exists && file.Length > MostBytes)
                throw new RecipeException([$"{path}: more than 1 MB, no recipe is so long"]);
            return File.ReadAllText(path);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new RecipeException([$"{path}: {(Directory.Exists(path) ? "is a folder, not a recipe" : SystemFault.Reason(e))}"]);
        }
    }

    /// <param name="name">Stands for the file in messages.</param>
    /// <exception cref="RecipeException">It is not YAML, or beyond the limits.</exception>
    public static YamlNode Parse(string text, string name)
    {
        long line = 1;
        try
        {
            CheckShape(text, name, ref line);
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
            throw new RecipeException([$"{name}:{e.Start.Line}: {(e.InnerException ?? e).Message.ReplaceLineEndings(" ")}"]);
        }
        catch (InvalidOperationException) // of YamlDotNet, at brackets that are not closed
        {
            throw new RecipeException([$"{name}:{line}: no YAML from here on; perhaps a bracket is not closed"]);
        }
    }

    // An alias counts as all that it stands for: a few lines of them can stand for any number of nodes.
    private static void CheckShape(string text, string name, ref long line)
    {
        var parser = new Parser(new StringReader(text));
        var anchored = new Dictionary<AnchorName, long>();
        var open = new Stack<(AnchorName Anchor, long Nodes)>();
        long all = 0;
        while (parser.MoveNext())
        {
            var now = parser.Current!;
            line = now.Start.Line;
            switch (now)
            {
                case MappingStart or SequenceStart:
                    open.Push((((NodeEvent)now).Anchor, 1));
                    break;
                case MappingEnd or SequenceEnd:
                    var (anchor, nodes) = open.Pop();
                    Count(anchor, nodes);
                    break;
                case Scalar scalar:
                    Count(scalar.Anchor, 1);
                    break;
                case AnchorAlias alias:
                    Count(AnchorName.Empty, anchored.TryGetValue(alias.Value, out long meant)
                        ? meant
                        : throw new RecipeException([$"{name}:{line}: *{alias.Value} stands for nothing before it"]));
                    break;
                default:
                    break;
            }

            if (open.Count > Deepest)
                throw new RecipeException([$"{name}:{line}: more than {Deepest} levels of nesting"]);
            if (all > MostNodes || (open.TryPeek(out var inner) && inner.Nodes > MostNodes))
                throw new RecipeException([$"{name}:{line}: stands for more than {MostNodes} values"]);
        }

        void Count(AnchorName anchor, long nodes)
        {
            if (!anchor.IsEmpty)
                anchored[anchor] = nodes;
            if (open.TryPop(out var outer))
                open.Push((outer.Anchor, outer.Nodes + nodes));
            else
                all += nodes;
        }
    }
}
