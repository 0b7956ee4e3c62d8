using System.Text.Json;
using Unpress.Lab.Results;

namespace Unpress.Lab.Reports;

/// <summary>The means as the page's plots read them: sets, their codecs, settings, enhancers, and a curve over the cycles for each metric.</summary>
internal static class ChartData
{
    public static string Json(LabRun run)
    {
        var means = run.Table;
        return JsonSerializer.Serialize(
            new
            {
                cycles = means.LastCycle,
                metrics = means.Metrics.Select(metric => new { metric.Name, metric.Summary, Higher = metric.Better(), metric.Unit, metric.Decimals }),
                enhancers = means.Enhancers,
                sets = means.Sets.Select(set => new { name = set, codecs = means.Codecs(set).Select(codec => Codec(run, set, codec)) }),
                disparities = Disparities(run),
            },
            PageJson.Options);
    }

    /// <summary>
    /// Of each picture how far the raw one is from the compressed one, and how far the enhanced one is: figure 6 of "Enhancing Quality of Compressed Images by
    /// Mitigating Enhancement Bias Towards Compression Domain". Empty where a run has no distances to the compressed pictures.
    /// </summary>
    public static IReadOnlyList<Disparity> Disparities(LabRun run)
    {
        var means = run.Table;
        var found = new List<Disparity>();
        foreach (var (metric, set) in means.Metrics.SelectMany(metric => means.Sets, (metric, set) => (metric, set)))
            foreach (var (codec, setting) in means.Codecs(set).SelectMany(codec => means.Settings(set, codec), (codec, setting) => (codec, setting)))
            {
                var points = means.Enhancers.Select(enhancer => Points(means, metric, set, codec, setting, enhancer)).ToList();
                if (points.Exists(of => of.Count > 1))
                    found.Add(new Disparity(metric.Name, $"{set}, {ReportText.Setting(run, codec, setting)}", points));
            }

        return found;
    }

    private static List<double[]> Points(FigureTable means, MetricFacts metric, string set, string codec, int? setting, string enhancer)
    {
        var pairs = means.Pairs(set, codec, setting, (Figure.Compressed, 0, metric.Name), (enhancer, 1, DomainTriangle.ToCompressed(metric.Name)));
        return
        [
            .. from pair in pairs
               let raw = DomainTriangle.Side(metric, pair.First)
               let enhanced = DomainTriangle.Side(metric, pair.Second)
               where raw is { } x && enhanced is { } y && double.IsFinite(x) && double.IsFinite(y)
               orderby raw
               select new[] { raw.Value, enhanced.Value },
        ];
    }

    private static object Codec(LabRun run, string set, string codec)
    {
        var means = run.Table;
        return new
        {
            name = codec,
            settings = means.Settings(set, codec).Select(setting => new
            {
                label = ReportText.Setting(run, codec, setting),
                bits = means.BitsPerPixel(set, codec, setting),
                // By metric, then by enhancer: [compressed, once, twice, …]
                curves = means.Metrics.Select(metric => means.Enhancers.DefaultIfEmpty("").Select(enhancer =>
                    means.Curve(set, codec, setting, enhancer, metric.Name).Select(value => value is { } number && double.IsFinite(number) ? value : null))),
            }),
        };
    }
}

/// <summary>Distances from the compressed pictures, of one metric at one setting.</summary>
/// <param name="Title">Set, codec and setting.</param>
/// <param name="Points">By enhancer: of each picture [to the raw one, to the enhanced one].</param>
internal sealed record Disparity(string Metric, string Title, IReadOnlyList<IReadOnlyList<double[]>> Points);

/// <summary>How data is written into the page: the default encoder turns "&lt;" into an escape, so no text can end the script element it stands in.</summary>
internal static class PageJson
{
    public static JsonSerializerOptions Options { get; } = new(JsonSerializerDefaults.Web);
}
