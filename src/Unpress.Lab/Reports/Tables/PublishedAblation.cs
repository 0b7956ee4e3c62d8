using Unpress.Lab.Recipes;

namespace Unpress.Lab.Reports.Tables;

/// <summary>
/// Ticks and differences of a paper's ablation, read from what its systems are called: a "baseline" or "… vanilla" begins a block, "… with PART" has
/// that part, "… with both" and a name of its own have all.
/// </summary>
internal static class PublishedAblation
{
    private const string With = " with ", Both = "both";

    /// <param name="rows">Published rows with the figure itself where <paramref name="differences"/> wants its distance to the baseline.</param>
    /// <param name="differences">Of each column of the rows.</param>
    /// <returns>The rows with ticks before their cells, none where the paper's parts are not those of the recipe.</returns>
    public static IEnumerable<ReportRow> Of(IReadOnlyList<ReportRow> rows, IReadOnlyList<AblationSwitch> parts, IReadOnlyList<bool> differences)
    {
        bool same = parts.All(part => rows.Any(row => PartOf(row.Name) == part.Name));
        ReportRow? baseline = null;
        foreach (var row in rows)
        {
            bool isBaseline = row.Name == "baseline" || row.Name.EndsWith(" vanilla", StringComparison.Ordinal);
            if (isBaseline)
                baseline = row;
            yield return row with
            {
                Cells =
                [
                    .. parts.Select(part => same && !isBaseline && (PartOf(row.Name) is not { } own || own == Both || own == part.Name) ? new ReportCell(1, "✓") : null),
                    .. row.Cells.Select((cell, i) => !differences[i] ? cell : isBaseline ? null : Difference(cell, baseline?.Cells[i])),
                ],
            };
        }
    }

    /// <summary>With the paper's digits.</summary>
    private static ReportCell? Difference(ReportCell? cell, ReportCell? from) =>
        cell is null || from is null ? null : ReportCell.Signed(cell.Value - from.Value, Math.Max(Decimals(cell), Decimals(from)));

    private static int Decimals(ReportCell cell) => cell.Text.IndexOf('.') is >= 0 and var point ? cell.Text.Length - point - 1 : 0;

    private static string? PartOf(string system) => system.IndexOf(With, StringComparison.Ordinal) is >= 0 and var at ? system[(at + With.Length)..] : null;
}
