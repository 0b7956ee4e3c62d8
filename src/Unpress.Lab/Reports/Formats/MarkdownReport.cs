using System.Text;
using Unpress.Lab.Reports.Tables;
using Unpress.Lab.Results;

namespace Unpress.Lab.Reports.Formats;

/// <summary>The tables as Markdown: the best of a column bold, published systems in italics with the number of their source.</summary>
internal static class MarkdownReport
{
    public static string Of(LabRun run, IEnumerable<ReportTable> tables)
    {
        var facts = run.Facts;
        var text = new StringBuilder($"# {facts.Name}\n\n");
        if (facts.Paper is { } paper)
            text.Append($"{paper}\n\n");
        foreach (var table in tables)
            Add(text, table);
        return text.Append($"## How this was made\n\n```\n{facts.Command}\n```\n\n")
            .Append($"unpress {facts.Version}, {ReportText.Time(facts.Started)}, {facts.Machine}\n\n")
            .AppendJoin('\n', ReportText.Contracts(run.Table.AllMetrics).Select(one => $"- `{one.Name}`: {one.Contract}"))
            .Append('\n').ToString();
    }

    private static void Add(StringBuilder text, ReportTable table)
    {
        text.Append($"## {table.Title}\n\n{table.Caption}\n\n| {table.Names} |");
        foreach (var column in table.Columns)
            text.Append($" {Cell($"{column.Group} {column.Name}".Trim())}{Arrow(column)} |");
        text.Append("\n|---|").Append(string.Concat(table.Columns.Select(_ => "---:|"))).Append('\n');
        foreach (var row in table.Rows)
        {
            text.Append(row.Source is null ? $"| {Cell(row.Name)} |" : $"| *{Cell(row.Name)}* [{row.Source}] |");
            for (int i = 0; i < row.Cells.Count; i++)
                text.Append(table.IsBest(i, row) ? $" **{row.Cells[i]!.Text}** |" : $" {row.Cells[i]?.Text ?? "–"} |");
            text.Append('\n');
        }

        text.Append('\n');
        foreach (var (source, index) in table.Sources.Select((source, index) => (source, index)))
            text.Append($"[{index + 1}] {source}\n\n");
    }

    private static string Arrow(ReportColumn column) => column.Higher switch { true => " ↑", false => " ↓", _ => "" };

    private static string Cell(string text) => text.Replace("|", "\\|", StringComparison.Ordinal);
}

/// <summary>Every mean, degradation index and published figure, one a line.</summary>
internal static class CsvReport
{
    public static string Of(LabRun run)
    {
        var text = new StringBuilder("set,codec,setting,system,cycle,metric,value,pictures,failed,source\n");
        var means = run.Table;
        foreach (var (set, codec) in means.Sets.SelectMany(set => means.Codecs(set).Select(codec => (set, codec))))
        {
            foreach (int? setting in means.Settings(set, codec))
            {
                foreach (string enhancer in means.Enhancers.Prepend(Figure.Compressed).Prepend(Figure.Raw))
                    Add(text, run, set, codec, setting, enhancer);
            }

            foreach (var row in run.Published(set, codec))
            {
                foreach (var (metric, value) in row.Figures)
                    Line(text, set, codec, row.Setting, row.System, null, metric, value, null, null, row.Source);
            }
        }

        return text.ToString();
    }

    private static void Add(StringBuilder text, LabRun run, string set, string codec, int? setting, string enhancer)
    {
        var means = run.Table;
        foreach (var metric in means.AllMetrics)
        {
            for (int cycle = 0; cycle <= means.LastCycle; cycle++)
            {
                if (means.Mean(set, codec, setting, enhancer, cycle, metric.Name) is { } mean)
                    Line(text, set, codec, setting, enhancer, cycle, metric.Name, CsvText.Cell(mean),
                        means.Count(set, codec, setting, enhancer, cycle, metric.Name), means.Failed(set, codec, setting, enhancer, cycle, metric.Name), "");
            }

            if (means.Index(set, codec, setting, enhancer, metric) is { } index)
                Line(text, set, codec, setting, enhancer, null, $"di:{metric.Name}", CsvText.Cell(index), null, null, "");
        }
    }

    private static void Line(
        StringBuilder text, string set, string codec, int? setting, string system, int? cycle, string metric, string value, int? pictures,
            int? failed, string source) =>
        text.AppendJoin(
            ',', CsvText.Cell(set), codec, setting, CsvText.Cell(system), cycle, metric, value, pictures, failed, CsvText.Cell(source)).Append('\n');
}
