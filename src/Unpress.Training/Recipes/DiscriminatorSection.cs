namespace Unpress.Recipes;

/// <summary>The discriminator of an adversarial training; its own options (such as conditional) stand beside these.</summary>
public sealed record DiscriminatorSection : IHasFaults
{
    /// <summary>Name in the catalog of discriminators.</summary>
    public required string Type { get; init; }

    /// <summary>The game that both sides play.</summary>
    public GanKind Gan { get; init; } = GanKind.Vanilla;

    /// <summary>Begin with the discriminator of another training, a checkpoint or a run folder; left out: with random weights.</summary>
    public string? InitFrom { get; init; }

    /// <summary>Steps before it begins to learn and to count in the network's objective.</summary>
    public long Start { get; init; }

    /// <summary>One-sided label smoothing: raw pictures shall be judged 1 − this. Not for hinge and wgangp, which have no labels.</summary>
    public double Smoothing { get; init; }

    /// <summary>γ of R1, γ/2·|∇D(y)|² (Mescheder et al., ICML 2018); 0 is none.</summary>
    public double R1 { get; init; }

    /// <summary>λ of the gradient penalty of wgangp.</summary>
    public double Penalty { get; init; } = 10;

    public OptimiserSection Optimiser { get; init; } = new();

    public ScheduleSection Schedule { get; init; } = new();

    public RecipeSection Options { get; init; } = RecipeSection.Empty;

    public IEnumerable<string> Faults()
    {
        if (Start < 0)
            yield return $"start is {Start}, must be 0 or more steps";
        if (Smoothing is not (>= 0 and < 0.5))
            yield return FormattableString.Invariant($"smoothing is {Smoothing}, must be 0..0.5, below 0.5");
        if (Smoothing > 0 && Gan is (GanKind.Hinge or GanKind.WganGp or GanKind.LogRatio))
            yield return "smoothing belongs to games with labels: vanilla, lsgan, ragan";
        if (R1 < 0)
            yield return FormattableString.Invariant($"r1 is {R1}, must be 0 or more");
        if (Penalty < 0)
            yield return FormattableString.Invariant($"penalty is {Penalty}, must be 0 or more");
    }
}

/// <summary>The game between a network and a discriminator, see <c>Losses.GanGame</c>.</summary>
public enum GanKind
{
    /// <summary>Binary cross-entropy; the network minimises −log D (Goodfellow et al., NIPS 2014).</summary>
    Vanilla,

    /// <summary>Least squares (Mao et al., ICCV 2017).</summary>
    Lsgan,

    /// <summary>Hinge (Lim and Ye 2017; Miyato et al., ICLR 2018).</summary>
    Hinge,

    /// <summary>Wasserstein with gradient penalty (Gulrajani et al., NIPS 2017).</summary>
    WganGp,

    /// <summary>
    /// DAGN's equation 6 by the letter: the encoder minimises ½·(log J(raw) − log J(compressed)), the judge the opposite (Ma et al., TIP 2024). Neither side
    /// has a lower bound.
    /// </summary>
    LogRatio,

    /// <summary>Relativistic average with cross-entropy (Jolicoeur-Martineau, ICLR 2019), as ESRGAN uses it.</summary>
    RaGan,
}
