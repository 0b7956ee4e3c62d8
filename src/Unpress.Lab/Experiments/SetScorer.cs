using System.Runtime.InteropServices;
using Unpress.Imaging;
using Unpress.Lab.Results;
using Unpress.Metrics;

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
        catch (Exception error) when (UnpressException.Line(error) is { } reason)
        {
            return figure with { Error = reason };
        }
    }
}

/// <summary>A column that has one figure for a whole set.</summary>
/// <param name="Applies">To pictures of which enhancer: <see cref="Figure.Raw"/>, <see cref="Figure.Compressed"/>, or the rest.</param>
/// <param name="AppliesTo">To which set; null for all.</param>
internal sealed record SetColumn(MetricFacts Facts, Func<string, bool> Applies, Func<string, bool>? AppliesTo = null)
{
    public string Name => Facts.Name;
}

/// <summary>A column of an experiment's results.</summary>
/// <param name="Of">The value; see <see cref="LabFault"/> for what may go wrong.</param>
/// <param name="Applies">To pictures of which enhancer: <see cref="Figure.Raw"/>, <see cref="Figure.Compressed"/>, or the rest.</param>
/// <param name="Owned">What it measures with, to be given back in the end.</param>
internal sealed record LabMeasure(MetricFacts Facts, Func<PictureTriple, double> Of, Func<string, bool> Applies, IDisposable? Owned = null) : IDisposable
{
    public string Name => Facts.Name;

    /// <summary>A metric against the original, of everything that is not the original itself.</summary>
    public static LabMeasure Against(IMetric metric) =>
        new(MetricFacts.Of(metric), pictures => metric.Measure(pictures.Original, pictures.Image), enhancer => enhancer != Figure.Raw);

    public void Dispose() => Owned?.Dispose();

    /// <summary>The metrics of a recipe that are of one picture.</summary>
    public static IReadOnlyList<LabMeasure> Against(IEnumerable<string> metrics) => [.. OfPictures(metrics).Select(Against)];

    /// <inheritdoc cref="Against(IEnumerable{string})"/>
    public static IReadOnlyList<IMetric> OfPictures(IEnumerable<string> metrics) =>
        MetricCatalog.FindAll(metrics.Where(name => !MetricCatalog.IsOfSets(name)));
}

/// <summary>
/// FID and its like to the originals and, for the triangle of the three domains, to the compressed pictures. A trace is a picture's features,
/// float32.
/// </summary>
/// <param name="kind">The network's name.</param>
/// <param name="metrics">All of the same features.</param>
/// <param name="features">Of a picture: always as many.</param>
internal sealed class FeatureMeasure(string kind, IReadOnlyList<ISetMetric> metrics, bool toCompressed, Func<ImageBuffer, float[]> features,
    IDisposable? owned) : ISetMeasure
{
    public string Kind => kind;

    public string Extension => ".f32";

    public IReadOnlyList<SetColumn> Columns { get; } =
    [
        .. metrics.Select(metric => new SetColumn(MetricFacts.Of(metric), enhancer => enhancer != Figure.Raw)),
        .. metrics.Where(_ => toCompressed).Select(metric => new SetColumn(
            MetricFacts.Of(metric) with { Name = DomainTriangle.ToCompressed(metric.Name),
                Summary = $"{metric.Summary}; to the compressed pictures", Neither = true },
            enhancer => enhancer is not (Figure.Raw or Figure.Compressed))),
    ];

    /// <summary>For the metrics of sets among those of a recipe: one for each network.</summary>
    /// <exception cref="MissingToolException">The weights of the network are not here.</exception>
    public static IReadOnlyList<ISetMeasure> Of(IEnumerable<string> names, bool toCompressed)
    {
        var wanted = names.ToHashSet();
        return [.. MetricCatalog.Sets.Where(metric => wanted.Contains(metric.Name)).GroupBy(metric => metric.Features).Select(group =>
        {
            var network = group.Key.Open();
            return new FeatureMeasure(group.Key.Network, [.. group], toCompressed, network.Of, network);
        })];
    }

    public byte[] Trace(ImageBuffer image) => MemoryMarshal.AsBytes(features(image).AsSpan()).ToArray();

    public double? Measure(string column, IReadOnlyList<TracedPicture> pictures)
    {
        var metric = metrics.FirstOrDefault(one => one.Name == column);
        return metric is not null
            ? metric.Measure(Set(pictures.Select(picture => picture.Raw)), Set(pictures.Select(picture => picture.Image)))
            : metrics.First(one => DomainTriangle.ToCompressed(one.Name) == column)
                .Measure(Set(pictures.Select(picture => picture.Compressed)), Set(pictures.Select(picture => picture.Image)));
    }

    public void Dispose() => owned?.Dispose();

    private static PictureSet Set(IEnumerable<string> files)
    {
        PictureSet? set = null;
        foreach (string file in files)
        {
            var numbers = MemoryMarshal.Cast<byte, float>(File.ReadAllBytes(file));
            set ??= new PictureSet(numbers.Length);
            if (numbers.Length != set.Statistics.Dimensions)
                throw new InvalidFileException(file, "has features of another network; delete it");
            set.Add(numbers);
        }

        return set!;
    }
}
