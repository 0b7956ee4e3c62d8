using System.Collections.Concurrent;
using System.Security.Cryptography;
using Unpress.Networks;
using Unpress.Networks.Backbones;
using Unpress.Recipes;
using Unpress.Torch.Weights;

namespace Unpress.Losses;

/// <summary>A backbone with weights, and an honest word on whose they are. Loaded once for all terms of a process.</summary>
public sealed class FeatureSource
{
    private static readonly ConcurrentDictionary<(string Backbone, string Path, DateTime Written), FeatureSource> Opened = new();

    private readonly Backbone _backbone;

    private FeatureSource(Backbone backbone, string description)
    {
        _backbone = backbone;
        Description = description;
    }

    /// <summary>Such as "vgg19, torchvision's weights" or "stand-in for vgg19: encoder, trained by us".</summary>
    public string Description { get; }

    /// <exception cref="RecipeException">The file is absent, does not fit, or lacks a layer that is asked for.</exception>
    public static FeatureSource Open(FeatureOptions options)
    {
        string path = Path.GetFullPath(options.Weights);
        if (!File.Exists(path))
            throw new RecipeException([$"features.weights: {options.Weights} does not exist; torchvision's file or a model file of network 'encoder' is expected"]);
        try
        {
            var source = Opened.GetOrAdd((options.Backbone, path, File.GetLastWriteTimeUtc(path)), key => Load(key.Backbone, key.Path));
            var layers = source._backbone.Layers.ToHashSet(StringComparer.Ordinal);
            if (options.Layers.FirstOrDefault(layer => !layers.Contains(layer.Name)) is { } unknown)
                throw new RecipeException([$"features.layers: {options.Backbone} has no layer '{unknown.Name}'"]);
            return source;
        }
        catch (Exception e) when (e is WeightsFormatException or ArgumentException)
        {
            throw new RecipeException([$"features.weights: {e.Message}"]);
        }
    }

    public PerceptualDistance Distance(FeatureOptions options) => new(_backbone, options.Layers, options.Measure);

    private static FeatureSource Load(string name, string path)
    {
        var entry = BackboneCatalog.Find(name);
        string? network;
        using (var file = WeightFile.Open(path))
            network = file.Metadata.GetValueOrDefault(ModelFile.NetworkKey);
        if (network is null)
            return new FeatureSource(entry.Load(path), IsOfficial(entry, path) ? $"{name}, torchvision's weights" : $"{name}, weights of {Path.GetFileName(path)}");
        var model = ModelFile.Load(path);
        if (model.Network is not FeatureEncoder encoder)
            throw new WeightsFormatException(path, $"holds a {network}, from which no features can be taken; an encoder is expected");
        encoder.Backbone.Freeze();
        return new FeatureSource(encoder.Backbone, $"stand-in for {name}: {model.Metadata.GetValueOrDefault("recipe", network)}, trained by us on our own pictures");
    }

    // torchvision names its files after the first digits of their SHA-256.
    private static bool IsOfficial(BackboneEntry entry, string path)
    {
        string digits = Path.GetFileNameWithoutExtension(entry.WeightsFile).Split('-')[^1];
        using var stream = File.OpenRead(path);
        return Convert.ToHexStringLower(SHA256.HashData(stream)).StartsWith(digits, StringComparison.Ordinal);
    }
}
