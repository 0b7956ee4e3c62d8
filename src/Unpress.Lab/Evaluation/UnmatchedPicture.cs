namespace Unpress.Evaluation;

/// <summary>A file that was not compared with anything, and why.</summary>
public sealed record UnmatchedPicture(string Path, string Reason);
