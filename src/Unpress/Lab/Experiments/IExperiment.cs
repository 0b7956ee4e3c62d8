using Unpress.Lab.Recipes;

namespace Unpress.Lab.Experiments;

/// <summary>A kind of experiment: what is measured, by which protocol.</summary>
public interface IExperiment
{
    /// <summary>Word on the command line.</summary>
    string Name { get; }

    /// <summary>One line for help texts.</summary>
    string Summary { get; }

    /// <summary>What it cannot do with this recipe, one line a fault.</summary>
    IEnumerable<string> Faults(LabRecipe recipe);

    /// <summary>The recipe with what this experiment takes for granted.</summary>
    LabRecipe Complete(LabRecipe recipe) => recipe;

    /// <summary>The columns of its results, in the order of the recipe.</summary>
    internal IReadOnlyList<LabMeasure> Measures(LabRecipe recipe);

    /// <summary>Adds what is missing to the results.</summary>
    internal void Run(LabSession session, CancellationToken cancellation);
}
