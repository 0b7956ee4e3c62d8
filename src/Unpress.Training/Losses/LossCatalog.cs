using Unpress.Recipes;

namespace Unpress.Losses;

/// <summary>All losses a recipe can name. A new one is a file beside these and one line here.</summary>
public static class LossCatalog
{
    public static IReadOnlyList<LossEntry> All { get; } =
    [
        L1Loss.Entry,
        L2Loss.Entry,
        CharbonnierLoss.Entry,
        PsnrLoss.Entry,
        IdentityLoss.Entry,
        IdempotencyLoss.Entry,
        CompactnessLoss.Entry,
        MultiCycleLoss.Entry,
        RbqeExitsLoss.Entry,
        MprNetStagesLoss.Entry,
        DmcnnScalesLoss.Entry,
        SsimLoss.Entry,
        DctLoss.Entry,
        EdgeLoss.Entry,
        GridLoss.Entry,
        PerceptualLoss.Entry,
        DivergenceLoss.Entry,
        AdversarialLoss.Entry,
        JpegLoss.Entry,
        QualityLoss.Entry,
        GateLoss.Entry,
        ReconstructionLoss.Entry,
    ];

    /// <exception cref="RecipeException">No such loss; the message lists the names.</exception>
    public static ILossTerm Create(ObjectiveTerm term)
    {
        var entry = All.FirstOrDefault(candidate => candidate.Name == term.Loss)
            ?? throw new RecipeException([$"objective: expected one of {string.Join(", ", All.Select(e => e.Name))}, got '{term.Loss}'"]);
        return entry.Create(term.Options);
    }
}
