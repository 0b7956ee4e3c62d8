using System.Globalization;
using Unpress.Evaluation;

namespace Unpress.Lab.Reports.Tables;

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
