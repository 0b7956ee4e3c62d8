using System.Security.Cryptography;
using System.Text.Json.Nodes;
using Unpress.Inference;
using Unpress.Lab.Recipes;
using Unpress.Lab.Results;
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
        var model = ModelFile.Load(file);
        var options = model.Metadata.TryGetValue(ModelFile.OptionsKey, out string? json) ? JsonNode.Parse(json)?.AsObject() : null;
        var profile = NetworkProfile.Of(NetworkCatalog.Find(model.Name), options);
        return new LabEnhancer(
            new NetworkEnhancer(section.Name, model.Network, new NetworkEnhancerOptions { Strength = section.Strength }),
            section.Consistent,
            new EnhancerFacts(
                section.Name, "network", section.Model!, Hash(file), model.Name, profile.Layers.Parameters, profile.Layers.Work.Table),
            options);
    }

    public void Dispose() => (Enhancer as IDisposable)?.Dispose();

    private static string Hash(string file)
    {
        using var stream = File.OpenRead(file);
        return Convert.ToHexStringLower(SHA256.HashData(stream));
    }
}
