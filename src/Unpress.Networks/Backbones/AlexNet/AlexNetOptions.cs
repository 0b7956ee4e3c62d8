namespace Unpress.Networks.Backbones;

/// <summary>Options of <see cref="AlexNet"/>: it has none.</summary>
public sealed record AlexNetOptions;
