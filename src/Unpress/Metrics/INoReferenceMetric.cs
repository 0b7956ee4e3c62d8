using Unpress.Imaging;

namespace Unpress.Metrics;

/// <summary>A number for how good a picture looks by itself. Among pairs it looks at the second picture and leaves the original alone.</summary>
public interface INoReferenceMetric : IMetric
{
    /// <summary>Samples of 16 bits are scaled to 0..255 first; alpha is ignored. Safe to call from several threads at once.</summary>
    /// <param name="image">H×W, gray or RGB.</param>
    /// <exception cref="IncomparableException">The metric is not defined for the picture; the message says why.</exception>
    /// <exception cref="MissingToolException">Its weights are not here; the message says how to get them.</exception>
    double Measure(ImageBuffer image);

    double IMetric.Measure(ImageBuffer reference, ImageBuffer image) => Measure(image);
}
