using System.Globalization;
using Unpress.Lab.Experiments;
using Unpress.Lab.Recipes;
using Unpress.Lab.Reports.Published;
using Unpress.Lab.Results;

namespace Unpress.Lab.Reports.Tables;

/// <summary>The table of the experiment "efficiency", in the units of DAGN's table III, and that table's rows.</summary>
internal static class EfficiencyTable
{
    public const string Experiment = "efficiency";

    private static readonly (string Metric, ReportColumn Column, double Unit)[] Columns =
    [
        (EfficiencyExperiment.Parameters, new("", "parameters, M", false, 3), 1e6),
        (EfficiencyExperiment.Macs, new("", "GMAC", false, 1), 1e9),
        (EfficiencyExperiment.TableMacs, new("", "GMAC in tables", false, 1), 1e9),
        (EfficiencyExperiment.Milliseconds, new("", "ms", false, 1), 1),
        (EfficiencyExperiment.CoreMilliseconds, new("", "core ms", false, 1), 1),
        (EfficiencyExperiment.MeasuredSide, new("", "measured at, px", null, 0), 1),
    ];

    public static ReportTable Of(LabRun run)
    {
        string set = run.Table.Sets[0];
        int side = int.Parse(set.Split('x')[0], CultureInfo.InvariantCulture);
        List<string> sources = [];
        List<ReportRow> published = [.. PublishedFigures.Costs.Where(row => row.Side == side).Select(row => Published(row, sources))];
        return new ReportTable
        {
            Id = "efficiency",
            Title = "Efficiency",
            Caption = $"For one picture of {side}×{side} pixels, with random weights, {Passes(run.Facts.Efficiency)}on {run.Facts.Machine}. GMAC in tables: as the profiler thop counts, which most papers "
                + "call FLOPs. Where a network was measured on a smaller picture its times are scaled by operations."
                + (published.Count > 0 ? " Published times are of another machine." : ""),
            Names = "Network",
            Columns = [.. Columns.Select(column => column.Column)],
            Rows =
            [
                .. run.Table.Enhancers.Select(
                    name => new ReportRow(name, RowKind.Measured, null, [.. Columns.Select(column => Measured(run, set, name, column))])),
                .. published,
            ],
            Sources = sources,
        };
    }

    /// <summary>Runs of earlier versions do not have it.</summary>
    private static string Passes(EfficiencySection? how) => how is null ? "" : string.Create(
        CultureInfo.InvariantCulture,
        $"{(how.Repeats == 1 ? "one pass" : $"the median of {how.Repeats} passes")} after a first, {(how.Threads is { } threads ? $"{threads} {(threads == 1 ? "thread" : "threads")}" : "all threads")}, device {how.Device}, ");

    private static ReportCell? Measured(LabRun run, string set, string name, (string Metric, ReportColumn Column, double Unit) column) =>
        run.Table.Mean(set, "none", null, name, 1, column.Metric) is { } value ? ReportCell.Of(value / column.Unit, column.Column.Decimals) : null;

    private static ReportRow Published(PublishedCost row, List<string> sources)
    {
        if (!sources.Contains(row.Source))
            sources.Add(row.Source);
        return new ReportRow(row.System, RowKind.Published, sources.IndexOf(row.Source) + 1,
            [.. Columns.Select(column => row.Figures.TryGetValue(column.Metric, out string? text)
                ? new ReportCell(double.Parse(text, CultureInfo.InvariantCulture), text) : null)]);
    }
}

/// <summary>What the enhancers are and what they cost.</summary>
internal static class CostTable
{
    public static ReportTable Of(LabRun run) => new()
    {
        Id = "cost",
        Title = "Enhancers and their cost",
        Caption = $"Multiply-accumulates are for one 512×512 picture; seconds are wall-clock time a picture on {run.Facts.Machine}.",
        Names = "Enhancer",
        Columns =
        [
            new("", "parameters, M", false, 3),
            new("", "GMAC", false, 1),
            new("", "s a picture", false, 2),
        ],
        Rows = [.. run.Table.Enhancers.GroupBy(name => Of(run, name)?.Name ?? name).Select(group => Row(run, group.Key, [.. group]))],
    };

    /// <summary>What a name in the figures belongs to: of candidates, it has the scale of the noise at its end.</summary>
    private static EnhancerFacts? Of(LabRun run, string name) => run.Facts.Enhancers.FirstOrDefault(
        one => one.Name == name || run.Facts.Candidates?.Noise.Any(noise => CandidatesExperiment.Label(one.Name, noise) == name) == true);

    /// <param name="names">Those in the figures.</param>
    private static ReportRow Row(LabRun run, string name, HashSet<string> names)
    {
        var facts = run.Facts.Enhancers.FirstOrDefault(one => one.Name == name);
        double[] seconds = [.. run.Figures
            .Where(figure => names.Contains(figure.Enhancer) && figure.Seconds is not null)
            .DistinctBy(figure => (figure.Enhancer, figure.Set, figure.Codec, figure.Setting, figure.Picture, figure.Cycle))
            .Select(figure => figure.Seconds!.Value)];
        return new ReportRow(facts is null ? name : $"{name} ({Kind(facts)})", RowKind.Measured, null,
        [
            facts?.Parameters is { } parameters ? ReportCell.Of(parameters / 1e6, 3) : null,
            facts?.Multiplications is { } multiplications ? ReportCell.Of(multiplications / 1e9, 1) : null,
            seconds.Length > 0 ? ReportCell.Of(seconds.Average(), 2, $"mean of {seconds.Length}") : null,
        ]);
    }

    private static string Kind(EnhancerFacts facts) => facts.Network ?? facts.Kind;
}
