namespace Unpress.Tests.Recipes;

/// <summary>What became of one stage of one recipe.</summary>
public sealed record SmokeStage(string Name, IReadOnlyList<double> Losses, Exception? Failure);
