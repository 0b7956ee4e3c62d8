namespace Unpress.Lab.Experiments;

/// <summary>Every experiment there is: a new one is a file here and one line in this list.</summary>
public static class ExperimentCatalog
{
    public static IReadOnlyList<IExperiment> All { get; } =
    [
        new RestoreExperiment(),
        new CycleExperiment(),
        new RateExperiment(),
        new BiasExperiment(),
        new DownstreamExperiment(),
        new AblationExperiment(),
        new EfficiencyExperiment(),
        new CandidatesExperiment(),
    ];
}
