namespace Unpress.Evaluation;

/// <summary>Two files to compare, under the name they share: their path inside the folders, without extension. Without an original, one file to judge.</summary>
public sealed record PicturePaths(string Name, string? Reference, string Image);
