namespace Unpress.Inference.Jobs;

/// <summary>One picture to be enhanced.</summary>
/// <param name="Path">As given, or found in a folder that was given; "-" for standard input.</param>
/// <param name="RelativePath">Where its result belongs in an output folder: below the folder that was given.</param>
/// <param name="Fault">Why it cannot even be tried; null when it can.</param>
public sealed record EnhanceInput(string Path, string RelativePath, string? Fault = null)
{
    public const string Standard = "-";

    public bool IsStandard => Path == Standard;
}
