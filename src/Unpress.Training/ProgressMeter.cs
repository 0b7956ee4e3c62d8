using System.Diagnostics;

namespace Unpress.Training;

/// <summary>Gathers what happens between two reports.</summary>
internal sealed class ProgressMeter(long step, long steps, Func<double> waitSeconds)
{
    private readonly Stopwatch _clock = Stopwatch.StartNew();
    private double _waitedBefore = waitSeconds();
    private readonly Dictionary<string, double> _terms = [];
    private double _loss;
    private double _norm;
    private double _rate;
    private int _count;
    private TrainingProgress? _latest;

    /// <summary>The step that these have just made; the first is the network's.</summary>
    public void Add(IReadOnlyList<Side> sides)
    {
        step++;
        _count++;
        _loss += sides[0].Loss;
        (_norm, _rate) = (sides[0].Norm, sides[0].Optimizer.LearningRate);
        foreach (var (name, value) in sides.SelectMany(side => side.Terms()))
            _terms[name] = _terms.GetValueOrDefault(name) + value;
    }

    /// <summary>The report since the last one; the same again when no step was made in between.</summary>
    public TrainingProgress Take()
    {
        if (_count == 0 && _latest is not null)
            return _latest;
        double seconds = _clock.Elapsed.TotalSeconds;
        double wait = waitSeconds() - _waitedBefore;
        _latest = new TrainingProgress(step, steps, _loss / _count, _rate, _norm, _count / seconds, wait / seconds)
        {
            Terms = [.. _terms.Select(term => (term.Key, term.Value / _count))],
        };
        Restart();
        return _latest;
    }

    /// <summary>Leaves out of the speed what was not training: a validation.</summary>
    public void Restart()
    {
        _clock.Restart();
        _waitedBefore = waitSeconds();
        (_loss, _count) = (0, 0);
        _terms.Clear();
    }
}
