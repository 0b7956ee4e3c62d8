using Unpress.Lab.Experiments;
using Unpress.Lab.Results;

namespace Unpress.Lab.Reports.Tables;

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
        Rows = [.. run.Means.Enhancers.GroupBy(name => Of(run, name)?.Name ?? name).Select(group => Row(run, group.Key, [.. group]))],
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
