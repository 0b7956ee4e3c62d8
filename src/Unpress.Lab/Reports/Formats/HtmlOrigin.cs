using System.Globalization;
using System.Net;
using System.Text;
using Unpress.Lab.Results;

namespace Unpress.Lab.Reports.Formats;

/// <summary>The last part of the page: everything that is needed to get the same figures again.</summary>
internal static class HtmlOrigin
{
    private const int MostErrors = 50;

    public static string Of(LabRun run)
    {
        var facts = run.Facts;
        var html = new StringBuilder($"<pre>{Text(facts.Command)}</pre>\n<dl>");
        Entry(html, "Version", $"unpress {facts.Version}");
        Entry(html, "Machine", facts.Machine);
        Entry(html, "Begun", Words.Time(facts.Started));
        Entry(html, "Ended", facts.Finished is { } finished ? Words.Time(finished) : "not yet");
        foreach (var codec in facts.Codecs)
            Entry(html, codec.Name, $"{codec.Encoder}; {codec.QualityName}");
        foreach (var enhancer in facts.Enhancers)
            Entry(html, enhancer.Name, Enhancer(enhancer));
        html.Append("</dl>\n<h3>Metrics</h3>\n<dl>");
        foreach (var (name, contract) in Words.Contracts(facts.Metrics))
            Entry(html, name, contract);
        html.Append($"</dl>\n<details><summary>Recipe</summary><pre>{Text(facts.Recipe)}</pre></details>\n");
        Errors(html, run);
        return html.ToString();
    }

    private static string Enhancer(EnhancerFacts facts) => string.Join("; ", new[]
    {
        facts.Network is null ? facts.Kind : $"{facts.Kind} {facts.Network}",
        facts.Source,
        facts.Parameters is { } parameters ? $"{parameters.ToString("N0", CultureInfo.InvariantCulture)} parameters" : null,
        facts.Sha256 is { } hash ? $"SHA-256 {hash}" : null,
    }.Where(part => part is not null));

    private static void Errors(StringBuilder html, LabRun run)
    {
        // What many metrics and systems say of a picture, or a set, is one line.
        var faults = run.Figures.Where(figure => figure.Error is not null).GroupBy(figure => (figure.Set, figure.Picture, figure.Error)).ToList();
        if (faults.Count == 0)
            return;
        html.Append($"<details open><summary>{Words.Faults(run)}</summary><ul>");
        foreach (var alike in faults.Take(MostErrors))
        {
            var figure = alike.First();
            string more = alike.Count() == 1 ? "" : string.Create(CultureInfo.InvariantCulture, $" and {alike.Count() - 1} more");
            html.Append($"<li>{Text($"{figure.Set}/{figure.Picture}, {Words.Setting(run, figure.Codec, figure.Setting)}, {figure.Enhancer}, {figure.Metric}{more}: {figure.Error}")}</li>");
        }

        if (faults.Count > MostErrors)
            html.Append("<li>…</li>");
        html.Append("</ul></details>\n");
    }

    private static void Entry(StringBuilder html, string name, string value) => html.Append($"<dt>{Text(name)}</dt><dd>{Text(value)}</dd>\n");

    private static string Text(string text) => WebUtility.HtmlEncode(text);
}
