namespace Unpress.Lab.Reports.Tables;

/// <summary>A table as every format of the report shows it.</summary>
internal sealed record ReportTable
{
    /// <summary>Unique in the report: letters, digits and dashes.</summary>
    public required string Id { get; init; }

    public required string Title { get; init; }

    /// <summary>What the figures are, in a sentence or two.</summary>
    public required string Caption { get; init; }

    /// <summary>Heading of the column of names.</summary>
    public required string Names { get; init; }

    public required IReadOnlyList<ReportColumn> Columns { get; init; }

    public required IReadOnlyList<ReportRow> Rows { get; init; }

    /// <summary>What published rows refer to.</summary>
    public IReadOnlyList<string> Sources { get; init; } = [];

    /// <summary>
    /// The cell is the best of its column, compressed pictures and means of fewer pictures left out. Cells that print the same are all best; where all do, none is.
    /// </summary>
    public bool IsBest(int column, ReportRow row)
    {
        if (Columns[column].Higher is not { } higher || row.Kind == RowKind.Compressed || row.Cells[column] is not { OfFewer: false } cell)
            return false;
        double[] rivals = [.. Rows
            .Where(other => other.Kind != RowKind.Compressed && other.Cells[column] is { OfFewer: false })
            .Select(other => other.Cells[column]!.Shown)];
        double most = rivals.Max(), least = rivals.Min();
        return most > least && cell.Shown.Equals(higher ? most : least);
    }
}
