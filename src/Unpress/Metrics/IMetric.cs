using Unpress.Imaging;

namespace Unpress.Metrics;

/// <summary>A number for how close a picture is to its original, or, <see cref="INoReferenceMetric"/>, how good it looks.</summary>
public interface IMetric
{
    /// <summary>Name on the command line and in tables, lower case.</summary>
    string Name { get; }

    /// <summary>One line for help texts.</summary>
    string Summary { get; }

    MetricContract Contract { get; }

    /// <summary>Loads the weights that the metric needs, so that a missing file is known before the work starts; most need none.</summary>
    /// <exception cref="MissingToolException">A file is not here; the message says which and where it belongs.</exception>
    void Prepare()
    {
    }

    /// <summary>
    /// Compares two pictures of the same size. Samples of 16 bits are scaled to 0..255 first; alpha is ignored.
    /// Safe to call from several threads at once.
    /// </summary>
    /// <param name="reference">The original, H×W, gray or RGB.</param>
    /// <param name="image">The compressed or restored picture, same size and colour model.</param>
    /// <exception cref="IncomparableException">The sizes or colour models differ, or the metric is not defined for them.</exception>
    double Measure(ImageBuffer reference, ImageBuffer image);
}
