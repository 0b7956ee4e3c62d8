namespace Unpress.Lab.Reports.Tables;

/// <param name="Source">Of a published row: place in the table's sources, from 1.</param>
/// <param name="Cells">One a column; null where there is no figure.</param>
internal sealed record ReportRow(string Name, RowKind Kind, int? Source, IReadOnlyList<ReportCell?> Cells);
