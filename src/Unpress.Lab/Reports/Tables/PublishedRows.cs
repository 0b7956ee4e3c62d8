using System.Globalization;
using Unpress.Lab.Reports.Published;

namespace Unpress.Lab.Reports.Tables;

/// <summary>Published figures as rows of a table.</summary>
internal static class PublishedRows
{
    /// <param name="columns">Setting and name of a figure, for each column.</param>
    /// <param name="sources">Sources of the rows are added to it.</param>
    public static IEnumerable<ReportRow> Of(
        IReadOnlyList<PublishedRow> published, IEnumerable<(int? Setting, string Figure)> columns, List<string> sources)
    {
        var wanted = columns.ToList();
        foreach (var system in published.GroupBy(row => (row.System, row.Source)))
        {
            ReportCell?[] cells = [.. wanted.Select(column => Cell(system, column.Setting, column.Figure))];
            if (Array.TrueForAll(cells, cell => cell is null))
                continue;
            if (!sources.Contains(system.Key.Source))
                sources.Add(system.Key.Source);
            yield return new ReportRow(
                system.Key.System,
                system.Key.System is "JPEG" or "compressed" ? RowKind.Compressed : RowKind.Published,
                sources.IndexOf(system.Key.Source) + 1,
                cells);
        }
    }

    private static ReportCell? Cell(IEnumerable<PublishedRow> rows, int? setting, string figure) =>
        rows.FirstOrDefault(row => row.Setting == setting && row.Figures.ContainsKey(figure)) is { } row
            ? new ReportCell(double.Parse(row.Figures[figure], CultureInfo.InvariantCulture), row.Figures[figure])
            : null;
}
