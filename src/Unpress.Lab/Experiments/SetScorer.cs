using Unpress.Lab.Results;

namespace Unpress.Lab.Experiments;

/// <summary>
/// Makes the figures of whole sets from the traces that pictures left: again when there are traces of more pictures than last time. A picture
/// without a trace is left out and named in the figure's error.
/// </summary>
internal sealed class SetScorer(LabSession session, ChainPlan plan)
{
    public void Run(CancellationToken cancellation)
    {
        foreach (var measure in session.SetMeasures)
        {
            foreach (var set in session.Pictures.GroupBy(picture => picture.Set))
            {
                var cells = set.SelectMany(plan.For).Select(one => (one.Label, one.Setting)).Distinct().ToList();
                foreach (var (codec, setting) in cells)
                {
                    foreach (var (enhancer, cycle) in Systems())
                    {
                        cancellation.ThrowIfCancellationRequested();
                        Score(measure, [.. set], new Figure
                        {
                            Experiment = session.Experiment,
                            Enhancer = enhancer,
                            Codec = codec,
                            Setting = setting,
                            Set = set.Key,
                            Picture = Figure.WholeSet,
                            Cycle = cycle,
                            Metric = "",
                        });
                    }
                }
            }
        }
    }

    private IEnumerable<(string Enhancer, int Cycle)> Systems() =>
    [
        (Figure.Raw, 0),
        (Figure.Compressed, 0),
        .. from chain in plan.Chains from cycle in Enumerable.Range(1, plan.Cycles) select (chain.Name, cycle),
    ];

    private void Score(ISetMeasure measure, IReadOnlyList<LabPicture> pictures, Figure figure)
    {
        foreach (var column in measure.Columns.Where(column => column.Applies(figure.Enhancer) && column.AppliesTo?.Invoke(figure.Set) != false))
        {
            var traced = new List<TracedPicture>();
            var missing = new List<string>();
            foreach (var picture in pictures)
            {
                var traces = Traces(measure, picture, figure);
                if ((measure.Lacks(column.Name, picture.Set, picture.Name) ?? Fault(traces)) is { } fault)
                    missing.Add($"{picture.Name}: {fault}");
                else
                    traced.Add(traces);
            }

            var one = figure with
            {
                Metric = column.Name,
                Pictures = traced.Count,
                Error = missing.Count == 0 ? null : $"without {missing.Count} of {pictures.Count} pictures: {missing[0]}",
            };
            if (!session.Results.Has(one.Key(), traced.Count) && Value(measure, one, traced) is { } result)
                session.Results.Add(result);
        }
    }

    /// <summary>Why a picture left no trace; null where all are there.</summary>
    private string? Fault(TracedPicture traces)
    {
        string[] absent = [.. new[] { traces.Raw, traces.Compressed, traces.Image }.Where(file => !File.Exists(file))];
        return absent.Length == 0 ? null : absent.Select(session.Traces.Fault).FirstOrDefault(fault => fault is not null) ?? "an earlier step failed";
    }

    private TracedPicture Traces(ISetMeasure measure, LabPicture picture, Figure figure)
    {
        string Of(string enhancer, int cycle) =>
            session.Traces.FileOf(measure, figure with { Picture = picture.Name, Enhancer = enhancer, Cycle = cycle });
        return new TracedPicture(picture.Set, picture.Name, Of(Figure.Raw, 0), Of(Figure.Compressed, 0), Of(figure.Enhancer, figure.Cycle));
    }

    /// <summary>Null where there is nothing of the kind.</summary>
    private static Figure? Value(ISetMeasure measure, Figure figure, List<TracedPicture> traced)
    {
        if (traced.Count == 0)
            return figure;
        try
        {
            return measure.Measure(figure.Metric, traced) is { } value ? figure with { Value = value } : null;
        }
        catch (Exception error) when (LabFault.Reason(error) is { } reason)
        {
            return figure with { Error = reason };
        }
    }
}
