using System.Globalization;

namespace Unpress.Cli.Commands.Enhance;

/// <summary>Amounts of memory as people write them: 2G, 512M, 1.5GiB.</summary>
public static class ByteSize
{
    /// <summary>What is wrong with a text; null where nothing is.</summary>
    public static string? Fault(string text)
    {
        try
        {
            Parse(text);
            return null;
        }
        catch (FormatException error)
        {
            return $"--memory: {error.Message}";
        }
    }

    /// <summary>Bytes; K, M, G and T are powers of 1024.</summary>
    /// <exception cref="FormatException">Not a positive number with an optional unit.</exception>
    public static long Parse(string text)
    {
        string trimmed = text.Trim().ToUpperInvariant();
        foreach (string end in (string[])["IB", "B"])
            if (trimmed.EndsWith(end, StringComparison.Ordinal))
                trimmed = trimmed[..^end.Length];
        int power = trimmed.Length == 0 ? -1 : "KMGT".IndexOf(trimmed[^1], StringComparison.Ordinal);
        string number = power < 0 ? trimmed : trimmed[..^1];
        bool good = double.TryParse(number, NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out double value);
        double bytes = value * Math.Pow(1024, power + 1);
        return good && bytes is >= 1 and < long.MaxValue
            ? (long)bytes
            : throw new FormatException($"'{text}' is no amount of memory: write 2G or 512M");
    }
}
