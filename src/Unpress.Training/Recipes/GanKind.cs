namespace Unpress.Recipes;

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

    /// <summary>Relativistic average with cross-entropy (Jolicoeur-Martineau, ICLR 2019), as ESRGAN uses it.</summary>
    RaGan,
}
