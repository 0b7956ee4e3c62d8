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

    [Fact]
    public void Means_of_fewer_pictures_have_no_rank()
    {
        var cells = new[] { ReportCell.Of(30, 2) with { OfFewer = true }, ReportCell.Of(26, 2), ReportCell.Of(25, 2) };
        var table = Table([.. cells.Select((cell, i) => new ReportRow($"{i}", RowKind.Measured, null, [cell]))]);
        Assert.Equal([false, true, false], table.Rows.Select(row => table.IsBest(0, row)));
    }

    /// <summary>Of a column with two decimals, the first of compressed pictures.</summary>
    private static IEnumerable<bool> Best(bool higher, params double[] values)
    {
        var table = Table(
            [.. values.Select((value, i) => new ReportRow($"{i}", i == 0 ? RowKind.Compressed : RowKind.Measured, null, [ReportCell.Of(value, 2)]))], higher);
        return table.Rows.Select(row => table.IsBest(0, row));
    }

    private static ReportTable Table(IReadOnlyList<ReportRow> rows, bool higher = true) => new()
    {
        Id = "t",
        Title = "T",
        Caption = "",
        Names = "System",
        Columns = [new ReportColumn("", "psnr", higher, 2)],
        Rows = rows,
    };
}
