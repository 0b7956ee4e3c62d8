using Unpress.Lab.Results;

namespace Unpress.Lab.Experiments;

/// <summary>A column that has one figure for a whole set.</summary>
/// <param name="Applies">To pictures of which enhancer: <see cref="Figure.Raw"/>, <see cref="Figure.Compressed"/>, or the rest.</param>
/// <param name="AppliesTo">To which set; null for all.</param>
internal sealed record SetColumn(MetricFacts Facts, Func<string, bool> Applies, Func<string, bool>? AppliesTo = null)
{
    public string Name => Facts.Name;
}
