using System.Text.Json;

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
            },
            PageJson.Options);
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

/// <summary>How data is written into the page: the default encoder turns "&lt;" into an escape, so no text can end the script element it stands in.</summary>
internal static class PageJson
{
    public static JsonSerializerOptions Options { get; } = new(JsonSerializerDefaults.Web);
}
