using System.Text.Json.Nodes;
using Unpress.Networks.Importing;
using Unpress.Torch.Weights;

namespace Unpress.Networks.Backbones;

/// <summary>A backbone of the catalogue.</summary>
/// <param name="Name">Short name, as torchvision's.</param>
/// <param name="Paper">Where it comes from.</param>
/// <param name="WeightsFile">Name of the official file of weights; eight hex digits in it are the first of its SHA-256.</param>
/// <param name="Head">Prefixes of the entries of that file that belong to the classifier, which we leave out.</param>
public sealed record BackboneEntry(string Name, string Paper, string WeightsFile, IReadOnlyList<string> Head, Maker<Backbone> Maker)
{
    /// <summary>Builds the backbone with fresh weights; missing options take their defaults.</summary>
    /// <exception cref="ArgumentException">An option is unknown or out of range.</exception>
    public Backbone Create(JsonObject? options = null) => Maker.Create(options);

    /// <summary>The backbone with the weights of a file, frozen. Strict: only the classifier's entries may be left over.</summary>
    /// <exception cref="WeightsFormatException">The file does not fit.</exception>
    /// <param name="path">A file of weights.</param>
    /// <param name="options">Those that do not change the tensors.</param>
    public Backbone Load(string path, JsonObject? options = null)
    {
        using var file = WeightFile.Open(path);
        var backbone = Create(options);
        try
        {
            var match = WeightMatcher.Match(file.Tensors, backbone.StateDict(), name => IsHead(name) ? null : name);
            backbone.StateDict().Load(match.Faults == 0 ? match.Tensors : file.Tensors, path);
        }
        catch
        {
            backbone.Dispose();
            throw;
        }

        backbone.Freeze();
        return backbone;
    }

    public static BackboneEntry Of<TOptions>(string name, string paper, string weightsFile, string[] head, Func<TOptions, Backbone> create)
        where TOptions : class, new() => new(name, paper, weightsFile, head, Maker<Backbone>.Of($"backbone {name}", create));

    private bool IsHead(string name) => Head.Any(prefix => name.StartsWith(prefix, StringComparison.Ordinal));
}
