using Unpress.Recipes;
using Unpress.Testing;

namespace Unpress.Tests.Recipes;

/// <summary>Every recipe file runs through all of its stages, and it learns.</summary>
public sealed class RecipeSmokeTests(SmokeRuns runs) : IClassFixture<SmokeRuns>
{
    public static TheoryData<string> Files => [.. SmokeRuns.Files];

    [Theory]
    [MemberData(nameof(Files))]
    public void The_smoke_overlay_runs_and_its_loss_falls(string file)
    {
        foreach (var stage in runs.Of(file))
        {
            Assert.True(stage.Failure is null, $"{stage.Name}: {stage.Failure}");
            int third = stage.Losses.Count / 3;
            double first = stage.Losses.Take(third).Average(), last = stage.Losses.TakeLast(third).Average();
            // Of a game some seconds long it can only be asked that it does not run away: the discriminator learns to raise it.
            Assert.True(last < first * (stage.Game ? 1.5 : 1), $"{stage.Name}: loss went from {first:F5} to {last:F5}");
        }
    }

    /// <summary>As a person types it in a fresh clone.</summary>
    [Theory]
    [MemberData(nameof(Files))]
    public void The_smoke_overlay_needs_no_pictures(string file)
    {
        foreach (var stage in Recipe.LoadStages(RepoPaths.Combine("recipes", file), ["smoke"]))
        {
            Assert.All(stage.Data.Folders, folder => Assert.NotNull(folder.DeadLeaves));
            Assert.Null(stage.Validation);
        }
    }
}
