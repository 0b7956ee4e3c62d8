namespace Unpress.Lab.Experiments;

/// <summary>The table of every paper on compression damage: originals are compressed, measured, enhanced once, and measured again.</summary>
public sealed class RestoreExperiment : IExperiment
{
    public string Name => "restore";

    public string Summary => "metrics before and after one enhancement, sets by codecs and settings";
}
