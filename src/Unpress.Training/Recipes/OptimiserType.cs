namespace Unpress.Recipes;

/// <summary>Which optimiser.</summary>
public enum OptimiserType
{
    Adam,

    AdamW,

    Sgd,
}
