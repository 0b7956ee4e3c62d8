using System.Globalization;
using Unpress.Evaluation;

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
    /// The cell is the best of its column, compressed pictures and means of fewer pictures left out. Cells that print the same are all
    /// best; where all do, none is.
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

/// <param name="Group">What neighbouring columns have in common, such as "QF 10"; empty for none.</param>
/// <param name="Higher">Whether higher is better; null where neither is.</param>
internal sealed record ReportColumn(string Group, string Name, bool? Higher, int Decimals);

/// <param name="Source">Of a published row: place in the table's sources, from 1.</param>
/// <param name="Cells">One a column; null where there is no figure.</param>
internal sealed record ReportRow(string Name, RowKind Kind, int? Source, IReadOnlyList<ReportCell?> Cells);

internal enum RowKind
{
    /// <summary>Pictures that nothing enhanced.</summary>
    Compressed,

    /// <summary>Measured by this run.</summary>
    Measured,

    /// <summary>Printed by a paper.</summary>
    Published,
}

/// <param name="Text">As tables show it: papers' figures with their own digits.</param>
/// <param name="Note">What else there is to say about it; null for nothing.</param>
internal sealed record ReportCell(double Value, string Text, string? Note = null)
{
    /// <summary>Of fewer pictures than others in its column: it has no rank.</summary>
    public bool OfFewer { get; init; }

    /// <summary>The number that a reader sees, rounded as it is.</summary>
    public double Shown => double.TryParse(Text, NumberStyles.Float, CultureInfo.InvariantCulture, out double shown) ? shown : Value;

    public static ReportCell Of(double value, int decimals, string? note = null) => new(value, FixedText.Of(value, decimals), note);

    /// <summary>A difference: with its sign, also above 0.</summary>
    public static ReportCell Signed(double value, int decimals) => new(value, FixedText.Signed(value, decimals));
}
