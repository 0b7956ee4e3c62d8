using System.Text;
using Unpress.Lab.Reports.Tables;

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
            .Append($"unpress {facts.Version}, {Words.Time(facts.Started)}, {facts.Machine}\n\n")
            .AppendJoin('\n', Words.Contracts(run.Means.All).Select(one => $"- `{one.Name}`: {one.Contract}"))
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
