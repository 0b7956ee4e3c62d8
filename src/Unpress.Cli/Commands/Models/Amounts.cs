using System.Globalization;

namespace Unpress.Cli.Commands.Models;

/// <summary>Large counts as papers print them.</summary>
internal static class Amounts
{
    /// <summary>1.64 M, 21.3 k, 512: three digits or two decimals.</summary>
    public static string Of(double count) => count switch
    {
        >= 1e12 => Scaled(count / 1e12, "T"),
        >= 1e9 => Scaled(count / 1e9, "G"),
        >= 1e6 => Scaled(count / 1e6, "M"),
        >= 1e4 => Scaled(count / 1e3, "k"),
        _ => count.ToString("0", CultureInfo.InvariantCulture),
    };

    private static string Scaled(double value, string unit) => $"{value.ToString(value < 100 ? "0.00" : "0.0", CultureInfo.InvariantCulture)} {unit}";
}
