using Unpress.Recipes;

namespace Unpress.Losses;

/// <summary>Whose features a loss compares, and which.</summary>
public record FeatureOptions : IHasFaults
{
    /// <summary>Name in the catalog of backbones: vgg19 or vgg16 in the papers.</summary>
    public string Backbone { get; init; } = "vgg19";

    /// <summary>
    /// torchvision's file of the backbone, or a model file of our own encoder network, the stand-in for where that file cannot be had. No
    /// default: what a perceptual loss compares must be known.
    /// </summary>
    public string Weights { get; init; } = "";

    /// <summary>Left out: conv5_4 of vgg19 before its ReLU, as SRGAN's and ESRGAN's descendants have it.</summary>
    public IReadOnlyList<FeatureLayer> Layers { get; init; } = [new() { Name = "conv5_4" }];

    /// <summary>How features are compared: means of absolute or of squared differences.</summary>
    public DistanceKind Measure { get; init; } = DistanceKind.L1;

    public IEnumerable<string> Faults()
    {
        if (Weights.Length == 0)
            yield return "weights is missing";
        if (Layers.Count == 0)
            yield return "layers is empty";
        if (Measure == DistanceKind.Perceptual)
            yield return "measure is perceptual, must be l1 or l2";
    }
}

/// <summary>A layer whose features are compared, by the backbone's name for it, and its weight.</summary>
public sealed record FeatureLayer
{
    public required string Name { get; init; }

    public double Weight { get; init; } = 1;
}
