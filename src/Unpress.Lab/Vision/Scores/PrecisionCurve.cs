namespace Unpress.Vision.Scores;

/// <summary>Precision over recall of one class in all pictures, the surest detections first; precision as the best that is still to come.</summary>
internal sealed class PrecisionCurve
{
    private readonly List<(double Recall, double Precision)> _points = [];

    /// <param name="there">How many there are to find, 1 or more.</param>
    public PrecisionCurve(IEnumerable<Judged> detections, int there)
    {
        int right = 0, all = 0;
        foreach (var detection in detections.OrderByDescending(one => one.Score))
        {
            all++;
            right += detection.Right ? 1 : 0;
            _points.Add(((double)right / there, (double)right / all));
        }

        for (int i = _points.Count - 2; i >= 0; i--)
            _points[i] = (_points[i].Recall, Math.Max(_points[i].Precision, _points[i + 1].Precision));
    }

    /// <summary>The part that was found at all.</summary>
    public double Recall => _points.Count == 0 ? 0 : _points[^1].Recall;

    /// <summary>The whole area.</summary>
    public double Area
    {
        get
        {
            double area = 0, before = 0;
            foreach (var (recall, precision) in _points)
            {
                area += (recall - before) * precision;
                before = recall;
            }

            return area;
        }
    }

    /// <summary>Mean of the precision at recalls from 0 to 1.</summary>
    public double Sampled(int steps)
    {
        // Steps are multiplied, not divided: so do the reference tools, and a recall of exactly 0.57 is less than their 57th of a hundred.
        double sum = 0, width = 1.0 / steps;
        for (int step = 0, place = 0; step <= steps; step++)
        {
            while (place < _points.Count && _points[place].Recall < step * width)
                place++;
            sum += place < _points.Count ? _points[place].Precision : 0;
        }

        return sum / (steps + 1);
    }
}
