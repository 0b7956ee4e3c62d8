using Unpress.Networks;
using Unpress.Recipes;

namespace Unpress.Losses;

/// <summary>What a loss term may look at before a training begins, to say whether it can take part.</summary>
/// <param name="Network">The network to be trained.</param>
/// <param name="Rival">The discriminator; null when the recipe has none.</param>
public sealed record LossPlan(Recipe Recipe, Network Network, Rival? Rival);
