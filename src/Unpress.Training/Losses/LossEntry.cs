using Unpress.Recipes;

namespace Unpress.Losses;

/// <summary>A loss of the catalogue: its name in recipes and how it is made from its options.</summary>
public sealed record LossEntry(string Name, string Summary, Func<RecipeSection, ILossTerm> Create)
{
    /// <summary>A loss without options.</summary>
    public static LossEntry Of(string name, string summary, Func<ILossTerm> create)
        => new(name, summary, options =>
        {
            options.Read<NoOptions>();
            return create();
        });

    private sealed record NoOptions;
}
