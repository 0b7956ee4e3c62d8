namespace Unpress.Tests.Recipes;

/// <summary>What became of one stage of one recipe.</summary>
/// <param name="Game">It plays against a discriminator, whose learning raises the generator's loss.</param>
public sealed record SmokeStage(string Name, bool Game, IReadOnlyList<double> Losses, Exception? Failure);
