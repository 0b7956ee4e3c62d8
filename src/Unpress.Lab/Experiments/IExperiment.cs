using Unpress.Lab.Recipes;
using Unpress.Lab.Results;

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
