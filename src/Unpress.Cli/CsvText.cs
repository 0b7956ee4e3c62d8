using System.Globalization;

namespace Unpress.Cli;

/// <summary>Cells of comma-separated files (RFC 4180).</summary>
internal static class CsvText
{
    public static string Cell(string text) =>
        text.AsSpan().IndexOfAny(",\"\n\r") < 0 ? text : $"\"{text.Replace("\"", "\"\"", StringComparison.Ordinal)}\"";

    /// <summary>All digits, with a point; "inf" for infinity.</summary>
    public static string Cell(double value) =>
        double.IsPositiveInfinity(value) ? "inf" : value.ToString("R", CultureInfo.InvariantCulture);
}
