using System.Security.Cryptography;
using System.Text.Json.Nodes;
using Unpress.Inference;
using Unpress.Lab.Recipes;
using Unpress.Lab.Results;
using Unpress.Models;
using Unpress.Networks;
using Unpress.Networks.Profiling;

namespace Unpress.Lab.Experiments;

/// <summary>An enhancer of the recipe, ready to work.</summary>
/// <param name="Options">Of its network; null for programs.</param>
internal sealed record LabEnhancer(IEnhancer Enhancer, bool Consistent, EnhancerFacts Facts, JsonObject? Options = null) : IDisposable
{
    public string Name => Facts.Name;

    public static LabEnhancer Open(EnhancerSection section)
    {
        if (section.Command is { } command)
        {
            return new LabEnhancer(
                new ExternalEnhancer(section.Name, command, TimeSpan.FromSeconds(section.Timeout)),
                section.Consistent,
                new EnhancerFacts(section.Name, "program", command));
        }

        string file = ModelFinder.Find(section.Model!);
        var options = new ModelEnhancerOptions { Strength = section.Strength };
        return ModelOpener.IsWeights(file) ? OfWeights(section, file, options) : OfOnnx(section, file, options);
    }

    private static LabEnhancer OfWeights(EnhancerSection section, string file, ModelEnhancerOptions how)
    {
        var model = ModelFile.Load(file);
        var options = model.Metadata.TryGetValue(ModelFile.OptionsKey, out string? json) ? JsonNode.Parse(json)?.AsObject() : null;
        return Of(section, file, new NetworkModel(model.Name, model.Network), how, NetworkCatalog.Find(model.Name), options);
    }

    private static LabEnhancer OfOnnx(EnhancerSection section, string file, ModelEnhancerOptions how)
    {
        var model = OnnxModel.Open(file, new OnnxModelOptions { Device = OnnxDevice.Cpu, Facts = FactText.Parse(section.Facts) });
        string network = model.Facts.Network;
        return NetworkCatalog.All.FirstOrDefault(entry => entry.Name == network) is { } entry
            ? Of(section, file, model, how, entry, model.Facts.Options)
            : new LabEnhancer(
                new ModelEnhancer(section.Name, model, how), section.Consistent,
                new EnhancerFacts(section.Name, "network", section.Model!, Hash(file), network));
    }

    private static LabEnhancer Of(
        EnhancerSection section, string file, IModel model, ModelEnhancerOptions how, NetworkEntry entry, JsonObject? options)
    {
        var profile = NetworkProfile.Of(entry, options);
        return new LabEnhancer(
            new ModelEnhancer(section.Name, model, how),
            section.Consistent,
            new EnhancerFacts(
                section.Name, "network", section.Model!, Hash(file), entry.Name, profile.Layers.Parameters, profile.Layers.Work.Table),
            options);
    }

    public void Dispose() => (Enhancer as IDisposable)?.Dispose();

    private static string Hash(string file)
    {
        using var stream = File.OpenRead(file);
        return Convert.ToHexStringLower(SHA256.HashData(stream));
    }
}
