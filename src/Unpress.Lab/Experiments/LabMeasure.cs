using Unpress.Lab.Results;
using Unpress.Metrics;

namespace Unpress.Lab.Experiments;

/// <summary>A column of an experiment's results.</summary>
/// <param name="Of">The value; see <see cref="LabFault"/> for what may go wrong.</param>
/// <param name="Applies">To pictures of which enhancer: <see cref="Figure.Raw"/>, <see cref="Figure.Compressed"/>, or the rest.</param>
/// <param name="Owned">What it measures with, to be given back in the end.</param>
internal sealed record LabMeasure(MetricFacts Facts, Func<Trio, double> Of, Func<string, bool> Applies, IDisposable? Owned = null) : IDisposable
{
    public string Name => Facts.Name;

    /// <summary>A metric against the original, of everything that is not the original itself.</summary>
    public static LabMeasure Against(IMetric metric) =>
        new(MetricFacts.Of(metric), trio => metric.Measure(trio.Original, trio.Image), enhancer => enhancer != Figure.Raw);

    public void Dispose() => Owned?.Dispose();

    /// <summary>The metrics of a recipe that are of one picture.</summary>
    public static IReadOnlyList<LabMeasure> Against(IEnumerable<string> metrics) => [.. OfPictures(metrics).Select(Against)];

    /// <inheritdoc cref="Against(IEnumerable{string})"/>
    public static IReadOnlyList<IMetric> OfPictures(IEnumerable<string> metrics) =>
        MetricCatalog.FindAll(metrics.Where(name => !MetricCatalog.IsOfSets(name)));
}
