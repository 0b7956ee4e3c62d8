using Unpress.Imaging;
using Unpress.Metrics;

namespace Unpress.Evaluation;

/// <summary>
/// Metrics of one picture in its states: compressed, restored, at several qualities. A metric that refuses one state leaves the picture out in all
/// of them, so that its means compare the same pictures; the other metrics keep it.
/// </summary>
internal sealed class StateMeasurement(IReadOnlyList<IMetric> metrics, string file, ImageBuffer original)
{
    private readonly string?[] _refusals = new string?[metrics.Count];
    private readonly List<double[]> _states = [];

    /// <summary>One value a metric; some of them may become NaN at <see cref="Finish"/>.</summary>
    /// <param name="state">In words, for messages.</param>
    /// <exception cref="IncomparableException">No metric can compare the picture with its original.</exception>
    public IReadOnlyList<double> Add(ImageBuffer image, string state)
    {
        PicturePair.Check(original, image);
        _states.Add(MetricValues.Of(metrics, original, image, (metric, reason) => _refusals[metric] ??= $"{reason} ({state})"));
        return _states[^1];
    }

    /// <summary>Takes out the metrics that refused: one line for each, naming picture and metric.</summary>
    /// <exception cref="IncomparableException">All of them did.</exception>
    public IReadOnlyList<string> Finish()
    {
        if (Array.TrueForAll(_refusals, reason => reason is not null))
            throw new IncomparableException(string.Join("; ", _refusals.Distinct()));
        var lines = new List<string>();
        for (int i = 0; i < _refusals.Length; i++)
        {
            if (_refusals[i] is not { } reason)
                continue;
            foreach (double[] values in _states)
                values[i] = double.NaN;
            lines.Add($"{file}: left out of {metrics[i].Name}: {reason}");
        }

        return lines;
    }
}
