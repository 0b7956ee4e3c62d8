namespace Unpress.Losses;

/// <summary>How much each raw patch counts in <see cref="IdentityLoss"/>.</summary>
public enum IdentityWeighting
{
    /// <summary>All the same, as published.</summary>
    Even,

    /// <summary>
    /// In proportion to d(x, y), with mean 1: a patch that compression changes much is evidently clean when it is met unchanged, while one
    /// that it hardly changes looks alike either way, and there identity is paid for with first-pass quality. Ours, not in the paper.
    /// </summary>
    Evident,
}
