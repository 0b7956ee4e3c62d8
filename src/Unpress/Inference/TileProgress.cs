namespace Unpress.Inference;

/// <summary>How far one picture is: tiles done of all.</summary>
public readonly record struct TileProgress(int Done, int Total);
