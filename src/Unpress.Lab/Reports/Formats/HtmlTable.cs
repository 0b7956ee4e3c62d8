using System.Globalization;
using System.Net;
using System.Text;
using Unpress.Lab.Reports.Tables;

namespace Unpress.Lab.Reports.Formats;

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
        html.Append($"<tr class=\"{row.Kind.ToString().ToLowerInvariant()}{(row.Source is null ? "" : " printed")}\"><th scope=\"row\">{Text(row.Name)}{source}</th>");
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
