namespace Unpress.Files;

/// <summary>One picture to work on, and where its result belongs below an output folder: the tree is mirrored.</summary>
/// <param name="Path">As given, or found below a folder that was given; "-" for standard input.</param>
/// <param name="RelativePath">Relative to the folder that was given; the bare name for a file that was given itself.</param>
/// <param name="Fault">Why it cannot even be tried; null when it can.</param>
public sealed record InputFile(string Path, string RelativePath, string? Fault = null)
{
    public const string Standard = "-";

    public bool IsStandard => Path == Standard;
}
