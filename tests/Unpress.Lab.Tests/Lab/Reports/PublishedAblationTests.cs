using Unpress.Lab.Recipes;
using Unpress.Lab.Reports.Tables;

namespace Unpress.Tests.Lab.Reports;

public class PublishedAblationTests
{
    private static readonly ReportRow[] Rows =
        [Row("A vanilla", "10.5"), Row("A with x", "10.75"), Row("A with both", "11"), Row("baseline", "2"), Row("B with y", "2"), Row("B", "1")];

    [Fact]
    public void Rows_have_their_parts_and_the_difference_to_their_own_baseline() => Assert.Equal(
        ["A vanilla|-|-|10.5|-", "A with x|✓|-|10.75|+0.25", "A with both|✓|✓|11|+0.5", "baseline|-|-|2|-", "B with y|-|✓|2|+0", "B|✓|✓|1|-1"],
        Told("x", "y"));

    [Fact]
    public void Parts_of_another_name_have_no_ticks() => Assert.All(Told("x", "z"), row => Assert.Contains("|-|-|", row, StringComparison.Ordinal));

    private static IEnumerable<string> Told(params string[] parts) =>
        PublishedAblation.Of(Rows, [.. parts.Select(part => new AblationSwitch { Name = part, On = [] })], [false, true])
            .Select(row => string.Join('|', row.Cells.Select(cell => cell?.Text ?? "-").Prepend(row.Name)));

    private static ReportRow Row(string name, string figure)
    {
        var cell = new ReportCell(double.Parse(figure, System.Globalization.CultureInfo.InvariantCulture), figure);
        return new ReportRow(name, RowKind.Published, 1, [cell, cell]);
    }
}
