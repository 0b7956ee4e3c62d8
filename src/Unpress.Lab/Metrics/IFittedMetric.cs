namespace Unpress.Metrics;

/// <summary>A metric whose parameters <c>unpress fit</c> makes from anybody's pictures.</summary>
public interface IFittedMetric : INoReferenceMetric
{
    /// <summary>The same metric with the parameters of a file; its name is <c>name=file</c>, since its numbers compare with no other's.</summary>
    IMetric With(string file);
}
