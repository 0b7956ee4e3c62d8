namespace Unpress.Models;

/// <summary>Facts of a model as a person writes them: "range=0..255, colours=bgr".</summary>
public static class FactText
{
    /// <param name="text">Null for none.</param>
    /// <exception cref="ArgumentException">Not pairs of a key and a value.</exception>
    public static IReadOnlyDictionary<string, string> Parse(string? text)
    {
        if (Fault(text ?? "") is { } fault)
            throw new ArgumentException(fault);
        return Pairs(text ?? "").ToDictionary(pair => pair[0], pair => pair[1], StringComparer.Ordinal);
    }

    /// <summary>What is wrong with a text, one line; null when nothing is.</summary>
    public static string? Fault(string text)
    {
        var pairs = Pairs(text).ToList();
        if (pairs.FirstOrDefault(pair => pair.Length != 2 || pair[0].Length == 0 || pair[1].Length == 0) is { } wrong)
            return $"facts are written as key=value, key=value; '{string.Join('=', wrong)}' is none";
        return pairs.GroupBy(pair => pair[0]).FirstOrDefault(group => group.Count() > 1) is { } twice ? $"the fact '{twice.Key}' is there twice" : null;
    }

    private static IEnumerable<string[]> Pairs(string text)
        => text.Split(',', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries)
            .Select(pair => pair.Split('=', 2, StringSplitOptions.TrimEntries));
}
