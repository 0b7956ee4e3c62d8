using Unpress.Imaging;

namespace Unpress.Metrics;

/// <summary>A number for how far apart two sets of pictures are, whatever their sizes; which picture belongs to which does not matter.</summary>
public interface ISetMetric
{
    /// <summary>Name on the command line and in tables, lower case.</summary>
    string Name { get; }

    /// <summary>One line for help texts.</summary>
    string Summary { get; }

    MetricContract Contract { get; }

    /// <summary>What it compares.</summary>
    SetFeatures Features { get; }

    /// <exception cref="IncomparableException">A set is too small, or does not hold what the metric needs.</exception>
    double Measure(PictureSet reference, PictureSet images);
}

/// <summary>The features of pictures that metrics of sets compare: one vector a picture.</summary>
/// <param name="Network">Name of the network that makes them, as in file names.</param>
/// <param name="Count">Numbers of a vector.</param>
/// <param name="Open">Loads the network; throws <see cref="MissingToolException"/> where its weights are not here.</param>
public sealed record SetFeatures(string Network, int Count, Func<IPictureFeatures> Open);

/// <summary>A loaded network that makes the features of one picture after the other.</summary>
public interface IPictureFeatures : IDisposable
{
    float[] Of(ImageBuffer image);
}

/// <summary>A metric whose parameters <c>unpress fit</c> makes from anybody's pictures.</summary>
public interface IFittedMetric : INoReferenceMetric
{
    /// <summary>The same metric with the parameters of a file; its name is <c>name=file</c>, since its numbers compare with no other's.</summary>
    IMetric With(string file);
}
