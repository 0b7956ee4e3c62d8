using System.CommandLine;
using Unpress.Imaging;
using Unpress.Inference;

namespace Unpress.Cli.Commands.Evaluate;

/// <summary><c>--model</c> of <c>evaluate</c>: what restores the compressed pictures.</summary>
internal static class EvaluatedModel
{
    /// <summary>The compressed pictures are measured and nothing restores them.</summary>
    public const string None = "none";

    public static Option<string> Option() => new("--model")
    {
        Description = $"What restores the pictures: a model of the models folder, an .onnx or a .safetensors file; '{None}' measures the compressed ones only",
        DefaultValueFactory = _ => None,
    };

    /// <summary>The enhancer, or null for <see cref="None"/>.</summary>
    /// <exception cref="MissingToolException">There is no such model.</exception>
    /// <exception cref="ArgumentException">Facts for what takes none.</exception>
    public static IEnhancer? Open(string name, IReadOnlyDictionary<string, string> facts)
        => name != None ? OpenNetwork(name, facts)
            : facts.Count == 0 ? null : throw new ArgumentException("--facts belongs to a model");

    /// <exception cref="MissingToolException">There is no such model.</exception>
    /// <exception cref="ArgumentException">The facts make no sense, or the file takes none.</exception>
    public static ModelEnhancer OpenNetwork(string name, IReadOnlyDictionary<string, string> facts) => new(name, ModelOpener.Open(name, facts));
}
