namespace Unpress.Files;

/// <summary>One picture to work on, and where its result belongs below an output folder: the tree is mirrored.</summary>
/// <param name="Path">As given, or found below a folder that was given.</param>
/// <param name="RelativePath">Relative to the folder that was given; the bare name for a file that was given itself.</param>
public sealed record InputFile(string Path, string RelativePath);
