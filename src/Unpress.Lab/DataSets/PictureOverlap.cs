namespace Unpress.DataSets;

/// <summary>Two files that show the same picture, or nearly.</summary>
/// <param name="Exact">The same pixels.</param>
public sealed record PictureOverlap(string First, string Second, bool Exact);
