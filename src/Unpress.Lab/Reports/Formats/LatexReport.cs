using System.Text;
using Unpress.Lab.Reports.Tables;

namespace Unpress.Lab.Reports.Formats;

/// <summary>The tables as LaTeX for the booktabs package.</summary>
internal static class LatexReport
{
    /// <summary>Of amssymb.</summary>
    private const string Tick = "$\\checkmark$";

    public static string Of(LabRun run, IEnumerable<ReportTable> tables)
    {
        var text = new StringBuilder($"% {OneLine(run.Facts.Command)}\n% unpress {run.Facts.Version}, {ReportText.Time(run.Facts.Started)}\n% needs \\usepackage{{booktabs, amssymb}}\n");
        foreach (var table in tables)
            Add(text, table);
        return text.ToString();
    }

    private static void Add(StringBuilder text, ReportTable table)
    {
        text.Append("\n\\begin{table*}\n\\centering\n\\small\n")
            .Append($"\\caption{{{Escape(table.Title)}. {Escape(table.Caption)}}}\n\\label{{tab:{table.Id}}}\n")
            .Append($"\\begin{{tabular}}{{l{new string('r', table.Columns.Count)}}}\n\\toprule\n");
        if (table.Columns.Any(column => column.Group.Length > 0))
        {
            foreach (var (group, span) in ColumnGroups.Of(table))
                text.Append($" & \\multicolumn{{{span}}}{{c}}{{{Escape(group)}}}");
            text.Append(" \\\\\n");
        }

        text.Append(Escape(table.Names));
        foreach (var column in table.Columns)
            text.Append($" & {Escape(column.Name)}{column.Higher switch { true => "$\\uparrow$", false => "$\\downarrow$", _ => "" }}");
        text.Append(" \\\\\n\\midrule\n");
        foreach (var row in table.Rows)
        {
            text.Append(row.Source is null ? Escape(row.Name) : $"\\textit{{{Escape(row.Name)}}}$^{{{row.Source}}}$");
            for (int i = 0; i < row.Cells.Count; i++)
                text.Append(table.IsBest(i, row) ? $" & \\textbf{{{Number(row.Cells[i])}}}" : $" & {Number(row.Cells[i])}");
            text.Append(" \\\\\n");
        }

        text.Append("\\bottomrule\n\\end{tabular}\n");
        foreach (var (source, index) in table.Sources.Select((source, index) => (source, index)))
            text.Append($"\\par\\footnotesize $^{{{index + 1}}}$ {Escape(source)}\n");
        text.Append("\\end{table*}\n");
    }

    private static string Number(ReportCell? cell) => cell?.Text switch
    {
        null => "--",
        "inf" => "$\\infty$",
        "✓" => Tick,
        ['-', .. var digits] => $"$-${digits}",
        var text => text,
    };

    private static string OneLine(string text) => text.ReplaceLineEndings(" ");

    private static string Escape(string text)
    {
        var escaped = new StringBuilder();
        foreach (char letter in text)
        {
            escaped.Append(letter switch
            {
                '\\' => "\\textbackslash{}",
                '~' => "\\textasciitilde{}",
                '^' => "\\textasciicircum{}",
                '|' => "\\textbar{}",
                '<' => "\\textless{}",
                '>' => "\\textgreater{}",
                '&' or '%' or '$' or '#' or '_' or '{' or '}' => $"\\{letter}",
                '×' => "$\\times$",
                'ℓ' => "$\\ell$",
                '²' => "$^2$",
                '₂' => "$_2$",
                'Δ' => "$\\Delta$",
                '−' => "$-$",
                '✓' => Tick,
                _ => letter.ToString(),
            });
        }

        return escaped.ToString();
    }
}
