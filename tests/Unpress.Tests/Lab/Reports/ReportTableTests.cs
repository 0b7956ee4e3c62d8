using Unpress.Lab.Reports.Tables;

namespace Unpress.Tests.Lab.Reports;

public class ReportTableTests
{
    [Fact]
    public void Figures_that_print_the_same_are_all_best() => Assert.Equal([false, true, true, false], Best(true, 27, 26.431, 26.4289, 26.42));

    [Fact]
    public void The_sign_of_nothing_does_not_decide() => Assert.Equal([false, true, true, false], Best(false, -1, -0.001, 0.001, 0.01));

    [Fact]
    public void Where_all_print_the_same_none_is_best() => Assert.Equal([false, false, false], Best(true, 1, 26.431, 26.4289));

    /// <summary>Of a column with two decimals, the first of compressed pictures.</summary>
    private static IEnumerable<bool> Best(bool higher, params double[] values)
    {
        var table = new ReportTable
        {
            Id = "t",
            Title = "T",
            Caption = "",
            Names = "System",
            Columns = [new ReportColumn("", "psnr", higher, 2)],
            Rows = [.. values.Select((value, i) => new ReportRow($"{i}", i == 0 ? RowKind.Compressed : RowKind.Measured, null, [ReportCell.Of(value, 2)]))],
        };
        return table.Rows.Select(row => table.IsBest(0, row));
    }
}
