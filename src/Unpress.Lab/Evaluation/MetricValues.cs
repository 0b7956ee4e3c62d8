using Unpress.Imaging;
using Unpress.Metrics;

namespace Unpress.Evaluation;

/// <summary>Several metrics of one picture: one that is not defined for it leaves the others their values.</summary>
internal static class MetricValues
{
    /// <param name="reference">Null where there is no original.</param>
    /// <param name="refused">Gets the place of each metric that refuses, and why.</param>
    /// <returns>One value a metric, NaN for those that refuse.</returns>
    public static double[] Of(IReadOnlyList<IMetric> metrics, ImageBuffer? reference, ImageBuffer image, Action<int, string> refused)
    {
        var values = new double[metrics.Count];
        for (int i = 0; i < values.Length; i++)
        {
            try
            {
                values[i] = metrics[i] is INoReferenceMetric alone ? alone.Measure(image)
                    : reference is not null ? metrics[i].Measure(reference, image)
                    : throw new IncomparableException($"{metrics[i].Name} needs the original");
            }
            catch (IncomparableException fault)
            {
                values[i] = double.NaN;
                refused(i, fault.Message);
            }
        }

        return values;
    }
}
