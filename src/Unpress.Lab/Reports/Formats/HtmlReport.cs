using System.Globalization;
using System.Net;
using System.Text;
using Unpress.Lab.Reports.Pictures;
using Unpress.Lab.Reports.Tables;
using Unpress.Lab.Results;

namespace Unpress.Lab.Reports.Formats;

/// <summary>One page with everything in it; it asks the network for nothing, and its own policy would forbid it. The look is in <c>Page/</c>.</summary>
internal static class HtmlReport
{
    private static readonly string[] Styles = ["uPlot.min.css", "report.css"];

    private static readonly string[] Scripts = ["uPlot.iife.min.js", "theme.js", "dom.js", "tables.js", "plots.js", "curves.js", "residual.js", "pictures.js"];

    public static string Of(LabRun run, IReadOnlyList<ReportTable> tables, CancellationToken cancellation)
    {
        string? pictures = PictureData.Json(run, cancellation);
        bool rates = run.Table.Sets.Any(set => run.Table.Codecs(set)
            .Any(codec => run.Table.Settings(set, codec).Count(setting => run.Table.BitsPerPixel(set, codec, setting) is not null) > 1));
        var body = new StringBuilder();
        foreach (var table in tables)
            Section(body, run, table.Id, table.Title, table.Caption, HtmlTable.Of(table));
        if (run.Table.LastCycle > 1)
            Section(body, run, "cycles", "Quality after each enhancement",
                "Cycle 0 is the compressed picture. Point at a line for its values; click a name to hide it.", "<div data-plot=\"cycles\"></div>");
        if (rates)
            Section(body, run, "rate", "Rate and quality",
                "Bits per pixel of the compressed files against quality, before and after enhancement.", "<div data-plot=\"rate\"></div>");
        bool disparities = ChartData.Disparities(run).Count > 0;
        if (disparities)
            Section(body, run, "disparity", "Domain disparity",
                "A point is a picture: how far the raw one lies from the compressed one, and how far the enhanced one. On the dashed line both are as far; below it the enhanced picture is nearer to the compressed one. Of PSNR the error behind it. Lines are linear regressions.",
                "<div data-plot=\"disparity\"></div>");
        if (pictures is not null)
            Section(body, run, "pictures", "Pictures", $"Drag the handle to compare; figures are of the whole picture{(run.Facts.Candidates is null ? "" : ", means over the answers")}.", "<div id=\"gallery\"></div><noscript>Pictures need JavaScript.</noscript>");
        var values = new Dictionary<string, string>
        {
            ["title"] = Text(run.Facts.Name),
            ["lead"] = Lead(run),
            ["contents"] = Contents(tables, run, rates, disparities, pictures is not null),
            ["body"] = body.ToString(),
            ["origin"] = HtmlOrigin.Of(run),
            ["licence"] = PageFile.Text("uPlot.LICENSE.txt"),
            ["style"] = string.Join('\n', Styles.Select(PageFile.Text)),
            ["charts"] = ChartData.Json(run),
            ["pictures"] = pictures ?? "null",
            ["script"] = string.Join('\n', Scripts.Select(PageFile.Text)),
        };
        return Fill(PageFile.Text("page.html"), values);
    }

    /// <summary>Puts the values in one pass, so that braces inside a value stay what they are.</summary>
    private static string Fill(string template, Dictionary<string, string> values)
    {
        var page = new StringBuilder();
        string[] parts = template.Split("{{");
        page.Append(parts[0]);
        foreach (string part in parts.Skip(1))
        {
            int end = part.IndexOf("}}", StringComparison.Ordinal);
            page.Append(values[part[..end]]).Append(part.AsSpan(end + 2));
        }

        return page.ToString();
    }

    private static void Section(StringBuilder body, LabRun run, string id, string title, string caption, string content) =>
        body.Append($"<section id=\"{id}\">\n<h2>{Text(title)}</h2>\n<p class=\"caption\">{Text(caption)}</p>\n{content}\n")
            .Append($"<details class=\"made\"><summary>made with unpress {Text(run.Facts.Version)}, {ReportText.Time(run.Facts.Started)}</summary><pre>{Text(run.Facts.Command)}</pre></details>\n</section>\n");

    private static string Lead(LabRun run)
    {
        var facts = run.Facts;
        string[] parts =
        [
            facts.Experiment,
            string.Join(", ", facts.Sets.Select(set => $"{set.Name} ({ReportText.Pictures(run, set.Name)})")),
            string.Join(", ", facts.Codecs.Select(codec => codec.Name)),
            Count(run.Facts.Candidates is null ? run.Table.Enhancers.Count : facts.Enhancers.Count),
            facts.Finished is null ? "not finished" : $"finished {ReportText.Time(facts.Finished.Value)}",
        ];
        string paper = facts.Paper is null ? "" : $"<p class=\"paper\">{Text(facts.Paper)}</p>\n";
        string faults = ReportText.Faults(run);
        string warning = faults.Length == 0 ? "" : $"<p class=\"warning\">{faults}: see <a href=\"#origin\">below</a>.</p>\n";
        return $"<p class=\"facts\">{string.Join(" · ", parts.Where(part => part.Length > 0).Select(Text))}</p>\n{paper}{warning}";
    }

    private static string Count(int enhancers) => enhancers switch
    {
        0 => "",
        1 => "1 enhancer",
        _ => string.Create(CultureInfo.InvariantCulture, $"{enhancers} enhancers"),
    };

    private static string Contents(IReadOnlyList<ReportTable> tables, LabRun run, bool rates, bool disparities, bool pictures)
    {
        List<(string Id, string Title)> entries = [.. tables.Select(table => (table.Id, table.Title))];
        if (run.Table.LastCycle > 1)
            entries.Add(("cycles", "Cycles"));
        if (rates)
            entries.Add(("rate", "Rate"));
        if (disparities)
            entries.Add(("disparity", "Disparity"));
        if (pictures)
            entries.Add(("pictures", "Pictures"));
        entries.Add(("origin", "How it was made"));
        return string.Concat(entries.Select(entry => $"<a href=\"#{entry.Id}\">{Text(entry.Title)}</a>"));
    }

    private static string Text(string text) => WebUtility.HtmlEncode(text);
}

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
        Entry(html, "Begun", ReportText.Time(facts.Started));
        Entry(html, "Ended", facts.Finished is { } finished ? ReportText.Time(finished) : "not yet");
        foreach (var codec in facts.Codecs)
            Entry(html, codec.Name, $"{codec.Encoder}; {codec.QualityName}");
        foreach (var enhancer in facts.Enhancers)
            Entry(html, enhancer.Name, Enhancer(enhancer));
        html.Append("</dl>\n<h3>Metrics</h3>\n<dl>");
        foreach (var (name, contract) in ReportText.Contracts(facts.Metrics))
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
        html.Append($"<details open><summary>{ReportText.Faults(run)}</summary><ul>");
        foreach (var alike in faults.Take(MostErrors))
        {
            var figure = alike.First();
            string more = alike.Count() == 1 ? "" : string.Create(CultureInfo.InvariantCulture, $" and {alike.Count() - 1} more");
            html.Append($"<li>{Text($"{figure.Set}/{figure.Picture}, {ReportText.Setting(run, figure.Codec, figure.Setting)}, {figure.Enhancer}, {figure.Metric}{more}: {figure.Error}")}</li>");
        }

        if (faults.Count > MostErrors)
            html.Append("<li>…</li>");
        html.Append("</ul></details>\n");
    }

    private static void Entry(StringBuilder html, string name, string value) => html.Append($"<dt>{Text(name)}</dt><dd>{Text(value)}</dd>\n");

    private static string Text(string text) => WebUtility.HtmlEncode(text);
}

/// <summary>A table as HTML that reads well without any script; <c>tables.js</c> makes it sortable.</summary>
internal static class HtmlTable
{
    public static string Of(ReportTable table)
    {
        var html = new StringBuilder("<div class=\"scroll\" tabindex=\"0\"><table class=\"sortable\">\n<thead>\n");
        var groups = ColumnGroups.Of(table);
        if (groups.Any(group => group.Group.Length > 0))
        {
            html.Append("<tr class=\"groups\"><td></td>");
            foreach (var (group, span) in groups)
                html.Append(CultureInfo.InvariantCulture, $"<th scope=\"colgroup\" colspan=\"{span}\">{Text(group)}</th>");
            html.Append("</tr>\n");
        }

        html.Append($"<tr><th scope=\"col\">{Text(table.Names)}</th>");
        for (int i = 0; i < table.Columns.Count; i++)
        {
            var column = table.Columns[i];
            html.Append($"<th scope=\"col\" class=\"number{(IsPart(table, i) ? " part" : "")}{Edge(table, i)}\" data-name=\"{Text(column.Name)}\"{(IsPart(table, i) ? " data-part" : "")} data-better=\"{(column.Higher == true ? "higher" : "lower")}\">{Text(column.Name)}{Arrow(column)}</th>");
        }

        html.Append("</tr>\n</thead>\n<tbody>\n");
        foreach (var row in table.Rows)
            Add(html, table, row);
        html.Append("</tbody>\n</table></div>\n");
        if (table.Sources.Count > 0)
            html.Append("<ol class=\"sources\">").AppendJoin("", table.Sources.Select(source => $"<li>{Text(source)}</li>")).Append("</ol>\n");
        return html.ToString();
    }

    private static void Add(StringBuilder html, ReportTable table, ReportRow row)
    {
        string source = row.Source is { } number ? $"<sup>{number.ToString(CultureInfo.InvariantCulture)}</sup>" : "";
        html.Append(
            $"<tr class=\"{row.Kind.ToString().ToLowerInvariant()}{(row.Source is null ? "" : " printed")}\"><th scope=\"row\">{Text(row.Name)}{source}</th>");
        for (int i = 0; i < row.Cells.Count; i++)
        {
            if (row.Cells[i] is not { } cell)
            {
                html.Append($"<td class=\"none{(IsPart(table, i) ? " part" : "")}{Edge(table, i)}\">–</td>");
                continue;
            }

            string title = cell.Note is null ? "" : $" title=\"{Text(cell.Note)}\"";
            html.Append($"<td class=\"{(table.IsBest(i, row) ? "best" : "")}{(IsPart(table, i) ? " part" : "")}{Edge(table, i)}\" data-value=\"{cell.Value.ToString("R", CultureInfo.InvariantCulture)}\"{title}>{cell.Text}</td>");
        }

        html.Append("</tr>\n");
    }

    private static bool IsPart(ReportTable table, int column) => table.Columns[column].Group == AblationTables.Parts;

    /// <summary>A line where a group of columns begins.</summary>
    private static string Edge(ReportTable table, int column) =>
        column > 0 && table.Columns[column].Group != table.Columns[column - 1].Group ? " edge" : "";

    private static string Arrow(ReportColumn column) => column.Higher switch
    {
        true => " <span class=\"arrow\" title=\"higher is better\">↑</span>",
        false => " <span class=\"arrow\" title=\"lower is better\">↓</span>",
        _ => "",
    };

    private static string Text(string text) => WebUtility.HtmlEncode(text);
}

/// <summary>Neighbouring columns with one heading over them.</summary>
internal static class ColumnGroups
{
    public static IReadOnlyList<(string Group, int Span)> Of(ReportTable table)
    {
        var groups = new List<(string Group, int Span)>();
        foreach (var column in table.Columns)
        {
            if (groups is [.., var last] && last.Group == column.Group)
                groups[^1] = (last.Group, last.Span + 1);
            else
                groups.Add((column.Group, 1));
        }

        return groups;
    }
}
