using System.Globalization;
using System.Text.Json.Nodes;
using Unpress.Inference;
using Unpress.Lab.Recipes;
using Unpress.Lab.Results;
using Unpress.Models;
using Unpress.Networks;
using Unpress.Networks.Profiling;
using Unpress.Onnx;
using Unpress.Recipes;

namespace Unpress.Lab.Experiments;

/// <summary>
/// An enhancer of the recipe, ready to work. Papers train one network for each setting of a codec: where its model or command names
/// <see cref="EnhancerSection.Setting"/>, each setting has an enhancer of its own.
/// </summary>
internal sealed class LabEnhancer : IDisposable
{
    private readonly IReadOnlyDictionary<string, IEnhancer> _ofSources;
    private readonly string _source;

    private LabEnhancer(EnhancerSection section, IReadOnlyDictionary<string, IEnhancer> ofSources, EnhancerFacts facts, JsonObject? options)
        => (_source, _ofSources, Consistent, Facts, Options) = (Source(section), ofSources, section.Consistent, facts, options);

    public string Name => Facts.Name;

    public bool Consistent { get; }

    public EnhancerFacts Facts { get; }

    /// <summary>Of its network; null for programs. Of several networks, those of the first.</summary>
    public JsonObject? Options { get; }

    /// <summary>True when another draw gives another answer.</summary>
    public bool HasCandidates => _ofSources.Values.All(enhancer => enhancer.HasCandidates);

    /// <param name="compressions">Those whose settings the name of a model may stand for.</param>
    /// <param name="device">One of <see cref="OnnxDevice.All"/>.</param>
    /// <exception cref="Imaging.MissingToolException">There is no such model, for one of the settings.</exception>
    public static LabEnhancer Open(EnhancerSection section, IEnumerable<PictureCompression> compressions, string device)
    {
        string source = Source(section);
        string[] sources = [.. compressions.Select(compression => Filled(source, compression)).DefaultIfEmpty(source).Distinct()];
        var enhancers = new Dictionary<string, IEnhancer>(StringComparer.Ordinal);
        if (section.Command is not null)
        {
            foreach (string command in sources)
                enhancers[command] = new ExternalEnhancer(section.Name, command, TimeSpan.FromSeconds(section.Timeout));
            return new LabEnhancer(section, enhancers, new EnhancerFacts(section.Name, "program", source), options: null);
        }

        var facts = FactText.Parse(section.Facts);
        var files = new List<string>();
        ModelFacts? first = null;
        try
        {
            foreach (string name in sources)
            {
                if (RecipeIndex.RunOf(name) is not null && !File.Exists(name))
                    throw new MissingToolException($"the model {name}", "no such file; unpress lab plan with this recipe shows the training that makes it, and --run does it");
                string file = ModelFinder.Find(name);
                var model = ModelOpener.Open(file, facts, device);
                enhancers[name] = new ModelEnhancer(section.Name, model, new ModelEnhancerOptions { Strength = section.Strength, Any = true });
                files.Add(file);
                first ??= model.Facts;
            }
        }
        catch
        {
            Dispose(enhancers.Values);
            throw;
        }

        var entry = NetworkCatalog.All.FirstOrDefault(known => known.Name == first!.Network);
        var options = entry is null ? null : OptionsOf(files[0], first!);
        var layers = entry is null ? null : NetworkProfile.Of(entry, options).Layers;
        return new LabEnhancer(
            section, enhancers,
            new EnhancerFacts(section.Name, "network", source, Hash(files), first!.Network, layers?.Parameters, layers?.Work.Table), options);
    }

    /// <summary>It has a model for each setting, not one for all.</summary>
    public bool HasSettings => _ofSources.Count > 1;

    /// <summary>The one for pictures that were compressed like this.</summary>
    public IEnhancer For(PictureCompression compression) => _ofSources[Filled(_source, compression)];

    public void Dispose() => Dispose(_ofSources.Values);

    private static void Dispose(IEnumerable<IEnhancer> enhancers)
    {
        foreach (var enhancer in enhancers)
            (enhancer as IDisposable)?.Dispose();
    }

    private static string Source(EnhancerSection section) => section.Command ?? section.Model!;

    internal static string Filled(string source, PictureCompression compression) => source
        .Replace(EnhancerSection.Setting, compression.Settings.Quality.ToString(CultureInfo.InvariantCulture), StringComparison.Ordinal)
        .Replace(EnhancerSection.CodecName, compression.Codec.Name, StringComparison.Ordinal);

    private static JsonObject? OptionsOf(string file, ModelFacts facts)
    {
        if (!ModelOpener.IsWeights(file))
            return facts.Options;
        var model = ModelFile.Load(file);
        using (model.Network)
            return model.Metadata.TryGetValue(ModelFile.OptionsKey, out string? json) ? JsonNode.Parse(json)?.AsObject() : null;
    }

    // Of one file its own; of several the hash of theirs in the order of the recipe's settings.
    private static string Hash(List<string> files)
    {
        string[] hashes = [.. files.Select(file =>
        {
            using var stream = File.OpenRead(file);
            return Sha256.Of(stream);
        })];
        return hashes.Length == 1 ? hashes[0] : Sha256.Of(System.Text.Encoding.ASCII.GetBytes(string.Concat(hashes)));
    }
}
