namespace Unpress.Inference;

/// <summary>How far one picture is: tiles done of all, and of the one at work the part that the network says is done.</summary>
public readonly record struct TileProgress(double Done, int Total);
