using Unpress.Lab.Recipes;
using Unpress.Lab.Results;

namespace Unpress.Lab.Experiments;

/// <summary>An experiment at work: what it needs, opened.</summary>
/// <param name="Experiment">Its name.</param>
/// <param name="Progress">Called after each step, from any thread, with how many there are in all.</param>
internal sealed record LabSession(
    string Experiment,
    LabRecipe Recipe,
    LabFolder Folder,
    ResultsFile Results,
    IReadOnlyList<LabPicture> Pictures,
    IReadOnlyList<LabEnhancer> Enhancers,
    IReadOnlyList<LabMeasure> Measures,
    IReadOnlyList<ISetMeasure> SetMeasures,
    Action<int>? Progress)
{
    public TraceKeeper Traces { get; } = new(Folder, SetMeasures);
}
