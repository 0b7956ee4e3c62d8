using Unpress.Imaging;
using Unpress.Imaging.Processes;
using Unpress.Inference;
using Unpress.Lab.Recipes;
using Unpress.Lab.Results;
using Unpress.Metrics;
using Unpress.Torch;

namespace Unpress.Lab.Experiments;

/// <summary>A kind of experiment: what is measured, by which protocol. What is not said otherwise is the protocol of <see cref="RestoreExperiment"/>.</summary>
public interface IExperiment
{
    /// <summary>Word on the command line, and of its section in recipes, if it has one.</summary>
    string Name { get; }

    /// <summary>One line for help texts.</summary>
    string Summary { get; }

    /// <summary>It compresses pictures of sets and has them enhanced.</summary>
    bool OnPictures => true;

    /// <summary>What it cannot do with this recipe, one line a fault.</summary>
    IEnumerable<string> Faults(LabRecipe recipe) => [];

    /// <summary>The recipe with what this experiment takes for granted.</summary>
    LabRecipe Complete(LabRecipe recipe) => recipe;

    /// <summary>The columns of its results that are of one picture, in the order of the recipe.</summary>
    internal IReadOnlyList<LabMeasure> Measures(LabRecipe recipe) => LabMeasure.Against(recipe.Metrics);

    /// <summary>What gives the columns that are of a whole set.</summary>
    internal IReadOnlyList<ISetMeasure> SetMeasures(LabRecipe recipe) => FeatureMeasure.Of(recipe.Metrics, toCompressed: false);

    /// <summary>Columns that neither of the two gives.</summary>
    internal IReadOnlyList<MetricFacts> OwnColumns => [];

    /// <summary>Adds what is missing to the results.</summary>
    internal void Run(LabSession session, CancellationToken cancellation)
    {
        var plan = new ChainPlan(session.Recipe, session.Enhancers);
        new ChainRunner(session, plan).Run(cancellation);
        new SetScorer(session, plan).Run(cancellation);
    }
}

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

/// <summary>
/// Measures whole sets: each picture leaves a trace, a small file in the run's folder, and the traces of all pictures together give the figures.
/// So a run that was stopped need not enhance anything again.
/// </summary>
internal interface ISetMeasure : IDisposable
{
    /// <summary>Folder of its traces.</summary>
    string Kind { get; }

    /// <summary>Of the files of its traces, with the dot.</summary>
    string Extension { get; }

    IReadOnlyList<SetColumn> Columns { get; }

    /// <summary>What must be remembered of a picture, as a file. Called from several threads at once.</summary>
    byte[] Trace(ImageBuffer image);

    /// <summary>Why a picture cannot count, one line; null where it can.</summary>
    string? Lacks(string column, string set, string picture) => null;

    /// <param name="column">One of <see cref="Columns"/>.</param>
    /// <param name="pictures">Those that left traces, one or more.</param>
    /// <returns>Null where these pictures have nothing of the kind: no figure at all.</returns>
    /// <exception cref="Metrics.IncomparableException">They are too few, or nothing of this kind.</exception>
    double? Measure(string column, IReadOnlyList<TracedPicture> pictures);
}
