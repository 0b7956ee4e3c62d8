using System.Globalization;

namespace Unpress.Lab.Reports.Tables;

/// <param name="Text">As tables show it: papers' figures with their own digits.</param>
/// <param name="Note">What else there is to say about it; null for nothing.</param>
internal sealed record ReportCell(double Value, string Text, string? Note = null)
{
    public static ReportCell Of(double value, int decimals, string? note = null) => new(
        value,
        double.IsPositiveInfinity(value) ? "inf" : value.ToString($"F{decimals}", CultureInfo.InvariantCulture),
        note);

    /// <summary>A difference: with its sign, also above 0.</summary>
    public static ReportCell Signed(double value, int decimals) =>
        Of(value, decimals) is { } cell && value >= 0 ? cell with { Text = $"+{cell.Text}" } : Of(value, decimals);
}
