using Unpress.Lab.Reports.Tables;

namespace Unpress.Lab.Reports.Formats;

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
