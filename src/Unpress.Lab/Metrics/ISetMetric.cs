namespace Unpress.Metrics;

/// <summary>A number for how far apart two sets of pictures are, whatever their sizes; which picture belongs to which does not matter.</summary>
public interface ISetMetric
{
    /// <summary>Name on the command line and in tables, lower case.</summary>
    string Name { get; }

    /// <summary>One line for help texts.</summary>
    string Summary { get; }

    MetricContract Contract { get; }

    /// <exception cref="IncomparableException">A set is too small, or does not hold what the metric needs.</exception>
    double Measure(PictureSet reference, PictureSet images);
}

/// <summary>A metric whose parameters <c>unpress fit</c> makes from anybody's pictures.</summary>
public interface IFittedMetric : INoReferenceMetric
{
    /// <summary>The same metric with the parameters of a file; its name is <c>name=file</c>, since its numbers compare with no other's.</summary>
    IMetric With(string file);
}
