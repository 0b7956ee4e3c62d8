namespace Unpress.Networks.Backbones;

/// <summary>Options of <see cref="SqueezeNet"/>: it has none.</summary>
public sealed record SqueezeNetOptions;
