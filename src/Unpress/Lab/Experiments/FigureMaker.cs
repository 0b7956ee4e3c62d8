using Unpress.Imaging;
using Unpress.Lab.Results;

namespace Unpress.Lab.Experiments;

/// <summary>Adds the figures of one picture, compressed in one way, to the results; those that are there already are left alone.</summary>
internal sealed class FigureMaker(LabSession session, LabPicture picture, PictureCompression compression)
{
    /// <summary>A figure without metric and value, to be completed.</summary>
    public Figure Of(string enhancer, int cycle, string? by) => new()
    {
        Experiment = session.Experiment,
        Enhancer = enhancer,
        Codec = compression.Label,
        Setting = compression.Setting,
        Set = picture.Set,
        Picture = picture.Name,
        Cycle = cycle,
        Metric = "",
        By = by,
    };

    /// <summary>All metrics have a value.</summary>
    public bool IsDone(string enhancer, int cycle)
    {
        var figure = Of(enhancer, cycle, null);
        return session.Metrics.All(metric => session.Results.Has((figure with { Metric = metric.Name }).Key()));
    }

    /// <summary>Every metric that has no value yet.</summary>
    public void Measure(Figure figure, ImageBuffer original, ImageBuffer image)
    {
        foreach (var metric in session.Metrics)
        {
            var one = figure with { Metric = metric.Name };
            if (session.Results.Has(one.Key()))
                continue;
            try
            {
                session.Results.Add(one with { Value = metric.Measure(original, image) });
            }
            catch (Exception error) when (LabFault.Reason(error) is { } reason)
            {
                session.Results.Add(one with { Error = reason });
            }
        }
    }

    /// <summary>Says of every metric that has no value why.</summary>
    public void Fail(Figure figure, string reason)
    {
        foreach (var metric in session.Metrics)
        {
            var one = figure with { Metric = metric.Name, Error = reason };
            if (!session.Results.Has(one.Key()))
                session.Results.Add(one);
        }
    }
}
