using Unpress.Networks;
using Unpress.Recipes;
using Unpress.Torch;

namespace Unpress.Losses;

/// <summary>One term of an objective: sees the whole step, returns a scalar.</summary>
public interface ILossTerm
{
    /// <summary>A scalar, smaller is better, with its place in the graph.</summary>
    Tensor Evaluate(LossInput step);

    /// <summary>Why it cannot be part of this training, one reason a line; asked before any data is read.</summary>
    IEnumerable<string> Conflicts(LossPlan plan) => [];

    /// <summary>What a reader of the results must know of it, such as whose features it compares; null for nothing.</summary>
    string? Provenance => null;
}

/// <summary>What a loss term may look at before a training begins, to say whether it can take part.</summary>
/// <param name="Network">The network to be trained.</param>
/// <param name="Gan">The discriminator; null when the recipe has none.</param>
public sealed record LossPlan(Recipe Recipe, Network Network, Gan? Gan);

/// <summary>A loss of the catalogue: its name in recipes and how it is made from its options.</summary>
public sealed record LossEntry(string Name, string Summary, Func<RecipeSection, ILossTerm> Create)
{
    /// <summary>Passes of the network that it takes besides the one for f(x), for estimates of time.</summary>
    public int Passes { get; init; }

    /// <summary>A loss without options.</summary>
    public static LossEntry Of(string name, string summary, Func<ILossTerm> create)
        => new(name, summary, options =>
        {
            options.Read<NoOptions>();
            return create();
        });

    private sealed record NoOptions;
}
