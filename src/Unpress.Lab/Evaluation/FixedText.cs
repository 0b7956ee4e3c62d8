using System.Globalization;

namespace Unpress.Evaluation;

/// <summary>Numbers with a fixed count of decimals, as tables print them.</summary>
public static class FixedText
{
    /// <summary>With a point; "inf" for infinity. What rounds to 0 has no sign: .NET would print -0.00.</summary>
    public static string Of(double value, int decimals)
    {
        if (double.IsInfinity(value))
            return value > 0 ? "inf" : "-inf";
        string text = value.ToString($"F{decimals}", CultureInfo.InvariantCulture);
        return text[0] == '-' && !text.AsSpan().ContainsAnyInRange('1', '9') ? text[1..] : text;
    }

    /// <summary>A difference: as <see cref="Of"/>, with a plus where there is no minus.</summary>
    public static string Signed(double value, int decimals) => Of(value, decimals) is var text && text[0] == '-' ? text : $"+{text}";
}
